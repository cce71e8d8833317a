"""`Named`: in a recipe, the name of a value that it does not hold itself."""

from attrs import field, frozen

from .._contract.redact import shown
from ..errors import RecipeError


def _is_name(name: object) -> str:
    if isinstance(name, str) and name:
        return name
    raise RecipeError(f"name: {shown(name)} (must be text that is not empty)")


@frozen
class Named:
    """The name of a value that a recipe does not hold itself, since it is a secret or holds one.

    ::

        recipe = MixRecipe(storage="lessons", token=Named("school"))
        client.record(recipe, "lesson-42", secrets={"lessons": S3(...), "school": make_token})

    It may stand for any argument of a recipe. For storage and encryption a plain string is such a name.

    Raises:
        RecipeError: it is no text, or empty.
    """

    name: str = field(converter=_is_name)
    """By which it is found in ``secrets``."""
