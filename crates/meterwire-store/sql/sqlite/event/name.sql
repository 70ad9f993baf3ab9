-- What the sender calls an event: its source and its id.
SELECT label.value, event.id FROM event LEFT JOIN label ON label.id = event.source WHERE event.seq = ?
