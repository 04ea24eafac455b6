namespace Exchange.Core.Requests;

/// <summary>What one command may still do for work that is cut into slices.</summary>
internal struct SliceBudget
{
    /// <summary>Orders cancelled or messages sent.</summary>
    public int Actions;

    /// <summary>Orders looked at.</summary>
    public int Visits;

    /// <summary>Price levels looked at.</summary>
    public int Levels;

    /// <summary>Takes a look at an order and, if it is what is asked for, an action from the budget; false when there is none left.</summary>
    public bool TryTake(bool isAction)
    {
        if (Visits == 0 || (isAction && Actions == 0))
        {
            return false;
        }

        Visits--;
        Actions -= isAction ? 1 : 0;
        return true;
    }
}
