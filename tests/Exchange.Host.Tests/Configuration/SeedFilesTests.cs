using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Host.Configuration;
using Exchange.Protocol.Commands;
using Exchange.Protocol.StateMachine;

namespace Exchange.Host.Tests.Configuration;

public sealed class SeedFilesTests
{
    [Fact]
    public void The_built_in_files_define_the_development_exchange_and_the_core_accepts_them()
    {
        List<byte[]> commands = SeedFiles.Commands(null, null, new TimeOnly(17, 30));
        List<string> symbols = [];
        List<string> senders = [];
        using ExchangeCore core = new();
        using EventBuffer events = new();
        long position = 0;
        foreach (byte[] command in commands)
        {
            switch (MemoryMarshal.AsRef<CommandHeader>(command.AsSpan()).Type)
            {
                case CommandType.DefineInstrument:
                    symbols.Add(MemoryMarshal.AsRef<DefineInstrumentCommand>(command.AsSpan()).Symbol.ToString());
                    break;
                case CommandType.DefineParticipant:
                    senders.Add(MemoryMarshal.AsRef<DefineParticipantCommand>(command.AsSpan()).SenderCompId.ToString());
                    break;
                default:
                    break;
            }

            core.Apply(new CommandContext(position += 32, 1, 1_000_000_000), command, events);
        }

        Assert.Equal(["HFT1", "HFT2", "HFT3", "HFT4", "HFT5", "HFT6", "HFT7", "HFT8"], senders);
        Assert.Contains("AAPL", symbols);
        Assert.Contains("MSFT", symbols);
        Assert.Contains("BTC-USD", symbols);
    }

    [Fact]
    public void A_changed_file_is_noticed_once_the_log_was_seeded()
    {
        string directory = Directory.CreateTempSubdirectory("exchange-seed-").FullName;
        try
        {
            string file = Path.Combine(directory, "participants.yaml");
            File.WriteAllText(file, "participants:\n  - { sender: A, password: x }\n");
            Assert.False(SeedFiles.DifferFromLog(directory, null, file));
            SeedFiles.Remember(directory, null, file);
            Assert.False(SeedFiles.DifferFromLog(directory, null, file));
            File.AppendAllText(file, "  - { sender: B, password: y }\n");
            Assert.True(SeedFiles.DifferFromLog(directory, null, file));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_missing_file_is_named_with_the_remedy()
    {
        HostException error = Assert.Throws<HostException>(() => SeedFiles.Check("/nowhere/instruments.yaml", null));
        Assert.Contains("/nowhere/instruments.yaml: no such file", error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
    }
}
