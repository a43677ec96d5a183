"""Work sheets out and back (督查督办): each body its tasks, and what it reports of them.

plan --duties--> rows with ids --pack--> a sheet a body
returned sheets --returned--> rows --collect--> the progress file, and what to look at
"""
