using Exchange.Core.Requests;
using Exchange.Protocol;
using Exchange.Protocol.StateMachine;

namespace Exchange.Core.Markets;

// Some of what the venue does by itself is as long as its books are: an uncross, a phase change of ten thousand instruments. No session's
// command shall wait for that, so it is cut into slices, and what clients send comes in between.
//
// What must hold (rules 10.1 and 10.2): a TimerDue takes the tasks in turn, each at most once, until the budget of a slice is used up; one that
// is not done goes behind the others. Whoever begins a task sees to it that there is never a second one for the same thing.

/// <summary>The line of tasks of the venue.</summary>
internal sealed class TaskQueue
{
    private const int TasksMax = 1 << 20;

    private readonly MarketLimits _limits;
    private readonly ITaskWorker?[] _workers = new ITaskWorker?[256];
    private VenueTask[] _tasks = new VenueTask[64];
    private int _first;

    /// <summary>Creates an empty line.</summary>
    public TaskQueue(MarketLimits limits) => _limits = limits;

    /// <summary>Number of tasks that are not done.</summary>
    public int Count { get; private set; }

    /// <summary>What one command may do.</summary>
    public SliceBudget Budget => new() { Actions = _limits.StepsMax, Visits = _limits.VisitsMax, Levels = _limits.LevelsMax };

    /// <summary>Says who carries out the tasks of a kind.</summary>
    public void Register(TaskKind kind, ITaskWorker worker) => _workers[(int)kind] = worker;

    /// <summary>Puts a task at the end of the line.</summary>
    public void Add(TaskKind kind, int subject) => Add(new VenueTask { Kind = kind, Subject = subject });

    /// <summary>Puts a task at the end of the line.</summary>
    public void Add(in VenueTask task)
    {
        Invariant.Require(Count < TasksMax);
        if (Count == _tasks.Length)
        {
            Grow();
        }

        _tasks[(_first + Count) & (_tasks.Length - 1)] = task;
        Count++;
    }

    /// <summary>Works on the tasks in turn as far as the budget goes.</summary>
    public void RunSlice(ref SliceBudget budget, in CommandContext context)
    {
        for (int left = Count; left > 0 && budget is { Visits: > 0, Actions: > 0 }; left--)
        {
            budget.Visits--;
            VenueTask task = _tasks[_first];
            _first = (_first + 1) & (_tasks.Length - 1);
            Count--;
            if (!_workers[(int)task.Kind]!.Work(ref task, ref budget, in context))
            {
                Add(in task);
            }
        }
    }

    /// <summary>Writes bounds and tasks.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.WriteInt64(_limits.StepsMax);
        writer.WriteInt64(_limits.VisitsMax);
        writer.WriteInt64(_limits.LevelsMax);
        writer.WriteInt64(_limits.IndicativeNs);
        writer.WriteInt64(Count);
        for (int i = 0; i < Count; i++)
        {
            writer.Write(in _tasks[(_first + i) & (_tasks.Length - 1)]);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bounds are others, or a task is not one of this build.</exception>
    public void Load(SnapshotReader reader)
    {
        RequireSame(reader, _limits.StepsMax, "steps of a slice");
        RequireSame(reader, _limits.VisitsMax, "visits of a slice");
        RequireSame(reader, _limits.LevelsMax, "levels of a slice");
        RequireSame(reader, _limits.IndicativeNs, "interval of indicative prices");
        int count = reader.ReadCount(TasksMax, "number of tasks");
        for (int i = 0; i < count; i++)
        {
            VenueTask task = reader.Read<VenueTask>();
            if (_workers[(int)task.Kind] is null || task.Subject < 0)
            {
                throw new InvalidDataException($"snapshot at byte {reader.Position}: there is no task {task.Kind} about {task.Subject}");
            }

            Add(in task);
        }
    }

    private static void RequireSame(SnapshotReader reader, long expected, string what)
    {
        long found = reader.ReadInt64();
        if (found != expected)
        {
            throw new InvalidDataException($"snapshot at byte {reader.Position}: {what} is {found}, here it is {expected}");
        }
    }

    private void Grow()
    {
        VenueTask[] tasks = new VenueTask[_tasks.Length * 2];
        for (int i = 0; i < Count; i++)
        {
            tasks[i] = _tasks[(_first + i) & (_tasks.Length - 1)];
        }

        _tasks = tasks;
        _first = 0;
    }
}
