# What users do today: json.load and one pass.
import json
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    records = json.load(f)
turns = sum(len(r.get("conversations", ())) for r in records if isinstance(r, dict))
images = sum(1 for r in records if isinstance(r, dict) and "image" in r)
print(len(records), turns, images)
