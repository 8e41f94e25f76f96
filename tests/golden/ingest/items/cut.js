window.part0 = [{"talk": {"with": "Bo", "posts": [{"id": 1}]}},
{"talk": {"posts": [{"id": 2