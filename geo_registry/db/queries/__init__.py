"""Plain functions that read, one module per noun; rows stay here, records come out."""
