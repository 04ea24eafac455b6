using Exchange.Ipc.Concurrent;
using Exchange.Ipc.Control;

namespace Exchange.Ipc.Tests.Control;

public sealed unsafe class CncFileTests : IDisposable
{
    private readonly string _directory = TestDriver.NewDirectory();

    public CncFileTests()
    {
        _ = Directory.CreateDirectory(_directory);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_file_that_is_absent_empty_short_or_not_ready_is_waited_for()
    {
        Assert.Null(CncFile.TryOpen(_directory));
        Assert.Null(CncFile.TryOpen(Path.Combine(_directory, "none")));
        File.WriteAllBytes(CncFile.PathIn(_directory), []);
        Assert.Null(CncFile.TryOpen(_directory));
        File.WriteAllBytes(CncFile.PathIn(_directory), new byte[100]);
        Assert.Null(CncFile.TryOpen(_directory));
        File.Delete(CncFile.PathIn(_directory));
        using CncFile cnc = CncFile.Create(_directory, CncSizes.For(4096, 4096, 64, 4096), 1, 4096);
        Assert.Null(CncFile.TryOpen(_directory));
        cnc.SignalReady();
        using CncFile? opened = CncFile.TryOpen(_directory);
        Assert.NotNull(opened);
    }

    [Theory]
    [InlineData(CncFileDescriptor.VersionOffset, 0x010000)]
    [InlineData(CncFileDescriptor.VersionOffset, 0x000100)]
    [InlineData(CncFileDescriptor.VersionOffset, -1)]
    [InlineData(CncFileDescriptor.ToDriverLengthOffset, 0)]
    [InlineData(CncFileDescriptor.ToDriverLengthOffset, int.MaxValue)]
    [InlineData(CncFileDescriptor.ToDriverLengthOffset, 5000)]
    [InlineData(CncFileDescriptor.ToClientsLengthOffset, -5)]
    [InlineData(CncFileDescriptor.CounterMetadataLengthOffset, 512)]
    [InlineData(CncFileDescriptor.CounterValuesLengthOffset, int.MaxValue)]
    [InlineData(CncFileDescriptor.ErrorLogLengthOffset, int.MaxValue)]
    public void Damaged_fields_are_refused_in_one_line_and_never_believed(int offset, int value)
    {
        using (CncFile cnc = CncFile.Create(_directory, CncSizes.For(4096, 4096, 64, 4096), 1, 4096))
        {
            cnc.SignalReady();
        }

        using (MappedFile raw = MappedFile.OpenExisting(CncFile.PathIn(_directory)))
        {
            *(int*)(raw.Address + offset) = value;
        }

        IOException e = Assert.Throws<IOException>(() => CncFile.TryOpen(_directory));
        Assert.Contains(CncFile.PathIn(_directory), e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
