"""Tables of recurring revenue a month: one row for each customer and month, or one column for each month."""
