"""Send progress sheets to agencies and collect them (督查督办).

plan --assignments--> rows with ids --send--> a sheet for each agency
returned sheets --sheet_reader--> rows --merge--> the progress file, and diagnostics
"""
