using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Exchange.Cluster.Consensus;

/// <summary>
/// A configuration as the payload of a log entry. The same configuration always gives the same bytes, and bytes from anywhere give a
/// configuration or nothing, never an exception.
/// </summary>
/// <remarks>
/// <code>
///   0         1       2          4            20
///   | version | count | reserved | cluster id | members ...
///
///   0    1      2       3          4          8        10       12
///   | id | kind | voter | reserved | priority | length | length | peer address, FIX address in UTF-8
/// </code>
/// </remarks>
public static class ConfigurationCodec
{
    private const byte Version = 1;
    private const int HeaderBytes = 20;
    private const int MemberBytes = 12;
    private const int AddressBytesMax = 255;
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a configuration.</summary>
    /// <exception cref="ArgumentException">An address is longer than 255 bytes.</exception>
    public static byte[] Encode(ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        using MemoryStream stream = new();
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        header[0] = Version;
        header[1] = (byte)configuration.Members.Count;
        _ = configuration.ClusterId.TryWriteBytes(header[4..]);
        stream.Write(header);
        Span<byte> fixedPart = stackalloc byte[MemberBytes];
        foreach (ClusterMember member in configuration.Members)
        {
            byte[] peer = s_utf8.GetBytes(member.PeerAddress);
            byte[] fix = s_utf8.GetBytes(member.FixAddress);
            if (peer.Length > AddressBytesMax || fix.Length > AddressBytesMax)
            {
                throw new ArgumentException($"an address of member {member.Id} is longer than {AddressBytesMax} bytes", nameof(configuration));
            }

            fixedPart.Clear();
            fixedPart[0] = (byte)member.Id;
            fixedPart[1] = (byte)member.Kind;
            fixedPart[2] = member.IsVoter ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt32LittleEndian(fixedPart[4..], member.Priority);
            BinaryPrimitives.WriteUInt16LittleEndian(fixedPart[8..], (ushort)peer.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(fixedPart[10..], (ushort)fix.Length);
            stream.Write(fixedPart);
            stream.Write(peer);
            stream.Write(fix);
        }

        return stream.ToArray();
    }

    /// <summary>Reads a configuration; false when the bytes are not exactly one.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ClusterConfiguration? configuration)
    {
        configuration = null;
        if (bytes.Length < HeaderBytes || bytes[0] != Version || bytes[1] is 0 or > ClusterConfiguration.MembersMax || bytes[2] != 0 || bytes[3] != 0)
        {
            return false;
        }

        ClusterMember[] members = new ClusterMember[bytes[1]];
        Guid clusterId = new(bytes.Slice(4, 16));
        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        for (int index = 0; index < members.Length; index++)
        {
            if (!TryDecodeMember(ref rest, out ClusterMember? member) || (index > 0 && member.Id <= members[index - 1].Id))
            {
                return false;
            }

            members[index] = member;
        }

        // The constructor knows the rules of a whole configuration; its refusal is an answer here.
        try
        {
            configuration = rest.IsEmpty ? new ClusterConfiguration(clusterId, members) : null;
        }
        catch (ArgumentException)
        {
            return false;
        }

        return configuration is not null;
    }

    private static bool TryDecodeMember(ref ReadOnlySpan<byte> rest, [NotNullWhen(true)] out ClusterMember? member)
    {
        member = null;
        if (rest.Length < MemberBytes || rest[1] is not ((byte)MemberKind.Engine or (byte)MemberKind.Witness) || rest[2] > 1 || rest[3] != 0)
        {
            return false;
        }

        int priority = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        int peerLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[8..]);
        int fixLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]);
        if (priority < 0 || peerLength > AddressBytesMax || fixLength > AddressBytesMax || rest.Length < MemberBytes + peerLength + fixLength)
        {
            return false;
        }

        try
        {
            string peer = s_utf8.GetString(rest.Slice(MemberBytes, peerLength));
            string fix = s_utf8.GetString(rest.Slice(MemberBytes + peerLength, fixLength));
            member = new ClusterMember(rest[0], (MemberKind)rest[1], rest[2] == 1, priority, peer, fix);
        }
        catch (ArgumentException)
        {
            return false;
        }

        rest = rest[(MemberBytes + peerLength + fixLength)..];
        return true;
    }
}
