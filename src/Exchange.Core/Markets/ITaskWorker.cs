using Exchange.Core.Requests;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

/// <summary>Carries out tasks of one kind.</summary>
internal interface ITaskWorker
{
    /// <summary>Works on a task as far as the budget goes.</summary>
    /// <returns>True when the task is done.</returns>
    bool Work(ref VenueTask task, ref SliceBudget budget, in CommandContext context);
}
