// Writes what is made of fix-spec/exchange.xml for others: QuickFIX data dictionaries and the rules of engagement.
//
//   dotnet run --project src/Exchange.Fix.Documents               writes them
//   dotnet run --project src/Exchange.Fix.Documents -- --check    says which of them are not fresh, exit code 1
using Exchange.Fix.Documents;

string? folder = DocumentSet.FindFolder(Environment.CurrentDirectory) ?? DocumentSet.FindFolder(AppContext.BaseDirectory);
if (folder is null)
{
    Console.Error.WriteLine("there is no fix-spec/exchange.xml in this folder or above it");
    return 2;
}

DocumentSet documents = DocumentSet.Make(File.ReadAllText(Path.Combine(folder, DocumentSet.SpecificationName)));
if (args is ["--check"])
{
    string[] stale = [.. documents.Stale(folder)];
    foreach (string name in stale)
    {
        Console.Error.WriteLine($"{name} is not what {DocumentSet.SpecificationName} says; run: {DocumentSet.Command}");
    }

    return stale.Length == 0 ? 0 : 1;
}

foreach (string name in documents.Write(folder))
{
    Console.WriteLine(name);
}

return 0;
