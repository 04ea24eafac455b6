using Exchange.Host.Conformance;
using Xunit.Abstractions;

namespace Exchange.Fuzz;

/// <summary>Inputs that once did harm, each with what it did. The framing is added, since every one of them came past the framer.</summary>
public sealed class KeptInputsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("35=D|90=9223372036854775807|91=f|11=A|", "the end of the data wrapped around: a read outside of the frame ended the gateway, before any password was asked for")]
    [InlineData("35=A|95=9223372036854775807|96=f|", "the same in a Logon")]
    [InlineData("35=D|354=9223372036854775790|355=abc|", "the same, with an end that is just still positive")]
    public void An_input_that_did_harm_does_none(string body, string harm)
    {
        output.WriteLine(harm);
        foreach (string header in (string[])["34=1|49=HFT2|56=EXCH|52=20261120-12:34:56|", ""])
        {
            int type = body.IndexOf('|', StringComparison.Ordinal) + 1;
            FuzzEpisode.RunOne(WireMessage.Frame("FIX.4.4", (body[..type] + header + body[type..]).Replace('|', WireMessage.Soh)));
        }
    }
}
