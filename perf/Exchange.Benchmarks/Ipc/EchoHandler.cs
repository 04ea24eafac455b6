using Exchange.Ipc.Client;
using Exchange.Ipc.LogBuffers;

namespace Exchange.Benchmarks.Ipc;

/// <summary>Sends each message back.</summary>
internal readonly struct EchoHandler : IFragmentHandler
{
    private readonly ExclusivePublication _publication;

    internal EchoHandler(ExclusivePublication publication)
    {
        _publication = publication;
    }

    public void OnFragment(ReadOnlySpan<byte> fragment, in FragmentHeader header)
    {
        BufferClaim claim;
        while (_publication.TryClaim(fragment.Length, out claim) < 0)
        {
            Thread.SpinWait(1);
        }

        fragment.CopyTo(claim.Buffer);
        claim.Commit();
    }
}
