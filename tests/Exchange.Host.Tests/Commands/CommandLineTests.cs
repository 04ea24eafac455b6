using System.CommandLine;
using Exchange.Host.Commands;

namespace Exchange.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("local", "--witness --members many", "many")]
    [InlineData("local", "--witness --members 2", "--members 3 or more")]
    [InlineData("local", "--witness --no-witness", "--no-witness")]
    [InlineData("member", "--fix-port 70000", "0 to 65535")]
    [InlineData("witness", "--fix-port 9880", "serves no clients")]
    [InlineData("witness", "--fix-port many", "many")]
    [InlineData("gateway", "--fix-port 70000", "0 to 65535")]
    public void Options_that_make_no_sense_are_refused_in_words(string verb, string options, string expected)
    {
        Command command = verb switch
        {
            "local" => LocalCommand.Create(),
            "member" => MemberCommand.Create(),
            "witness" => MemberCommand.CreateWitness(),
            _ => GatewayCommand.Create(),
        };
        ParseResult parsed = command.Parse(options);
        Assert.Contains(parsed.Errors, error => error.Message.Contains(expected, StringComparison.Ordinal));
    }
}
