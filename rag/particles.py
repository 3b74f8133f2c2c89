"""What may follow a name inside one word of Korean."""

from __future__ import annotations

import re

# Particles, the copula, "들". An index cuts its words by these alone: with others it would be made
# of other words.
FOLLOWS = re.compile(
    r"(들|님)?(은|는|이|가|을|를|의|에|에서|에게|에는|에서는|에도|으로|로|으로는|로는|와|과|랑|이랑|하고|도|만|"
    r"까지|부터|보다|처럼|마다|란|이란|라는|이라는|라고|이라고|나|이나|든|요|이요|야|이야|예요|이에요|에요|인가요|"
    r"인가|인지|죠|이죠|면|이면|라면|이라면|뭐|는요|은요|도요|거|걸|좀|한테|께서|로서|로써)?$"
)


def follows(rest: str) -> bool:
    """Whether the end of a word may be what follows a name in it, nothing at all included."""
    return rest in ("인", "일") or bool(FOLLOWS.match(rest))  # "상태일 때"
