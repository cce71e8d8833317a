"""Draws docs/pictures/console-*.svg: where in the provider's console each setting is, in the words of its documents.

Drawings, and no pictures of the console: they show where to look, and say so themselves.
"""

from html import escape
from typing import NamedTuple

from _env import ROOT

FOLDER = ROOT / "docs" / "pictures"
FONT = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
MONO = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
WIDTH, ROW, TOP = 720, 40, 96
PAPER, FRAME, INK, QUIET, MARK = "#ffffff", "#c4c9d4", "#1f2430", "#5d6475", "#b4460a"


class Line(NamedTuple):
    """A line of what is shown: its name there, what stands beside it, and where that goes."""

    name: str
    value: str = ""
    goes_to: str = ""
    is_button: bool = False


class Drawing(NamedTuple):
    """A part of the console: the way to it, and what to look for."""

    name: str
    way: tuple[str, ...]
    lines: tuple[Line, ...]
    of: str = ""


CONSOLE = {"": "Agora Console", ".zh-CN": "声网控制台"}
NOTE = {
    "": "A drawing, not a picture of the console: it shows where to look, not what it looks like.",
    ".zh-CN": "示意图，并非控制台截图：只表示在哪里，不表示外观。",
}
DRAWINGS = {
    "": (
        Drawing(
            "console-project",
            ("Projects", "your project ✎"),
            (
                Line("App ID", "32 digits and letters", "AGORA_APP_ID"),
                Line("Primary Certificate", "Enable, then copy", "AGORA_APP_CERTIFICATE"),
            ),
        ),
        Drawing(
            "console-keys",
            ("account menu", "RESTful API Keys"),
            (
                Line("Create API Key", is_button=True),
                Line("Download", "once only", is_button=True),
                Line("Key", "customer ID", "AGORA_CUSTOMER_ID"),
                Line("Secret", "customer secret", "AGORA_CUSTOMER_SECRET"),
            ),
        ),
        Drawing(
            "console-recording",
            ("Projects", "your project ✎", "Cloud Recording"),
            (
                Line("Enable", is_button=True),
                Line("Enable Cloud Recording", "on the screen that follows", is_button=True),
                Line("Apply", is_button=True),
            ),
        ),
        Drawing(
            "console-storage",
            ("object storage",),
            (
                Line("Bucket", "and its region", 'S3("bucket", "region", …)'),
                Line("Access key", "of a user that may write", "access_key"),
                Line("Secret key", "", "secret_key"),
            ),
            of="your own cloud",
        ),
        Drawing(
            "console-notifications",
            ("Projects", "your project ✎", "Notifications", "Cloud Recording"),
            (
                Line("Event", "all that you want to be told"),
                Line("Receiving Server Region", "where your server is"),
                Line("Receiving Server URL Endpoint", "https://…", "your webhook"),
                Line("Secret", "copy", "receive(…, secret)"),
                Line("Check", "your server must answer 200, with JSON", is_button=True),
                Line("Save", is_button=True),
            ),
        ),
    ),
    ".zh-CN": (
        Drawing(
            "console-project",
            ("项目", "你的项目 ✎"),
            (
                Line("App ID", "32 位数字和字母", "AGORA_APP_ID"),
                Line("主要证书", "启用后复制", "AGORA_APP_CERTIFICATE"),
            ),
        ),
        Drawing(
            "console-keys",
            ("账号菜单", "RESTful API"),
            (
                Line("添加密钥", is_button=True),
                Line("下载", "只能下载一次", is_button=True),
                Line("Key", "客户 ID", "AGORA_CUSTOMER_ID"),
                Line("Secret", "客户密钥", "AGORA_CUSTOMER_SECRET"),
            ),
        ),
        Drawing(
            "console-recording",
            ("项目", "你的项目 ✎", "云端录制"),
            (
                Line("开通", is_button=True),
                Line("开通云端录制", "在随后的页面上", is_button=True),
                Line("应用", is_button=True),
            ),
        ),
        Drawing(
            "console-storage",
            ("对象存储",),
            (
                Line("存储空间（Bucket）", "以及所在区域", 'S3("bucket", "region", …)'),
                Line("Access Key", "只需写入权限的用户", "access_key"),
                Line("Secret Key", "", "secret_key"),
            ),
            of="你自己的云厂商",
        ),
        Drawing(
            "console-notifications",
            ("项目", "你的项目 ✎", "消息通知", "云端录制"),
            (
                Line("事件", "需要接收的全部事件"),
                Line("接收服务器所在区域", "你的服务器在哪里"),
                Line("接收服务器的 URL", "https://…", "你的接收地址"),
                Line("密钥", "复制", "receive(…, secret)"),
                Line("检查", "你的服务器须应答 200 和 JSON", is_button=True),
                Line("保存", is_button=True),
            ),
        ),
    ),
}


def drawn(drawing: Drawing, language: str) -> str:
    """A drawing as SVG, which loads nothing from elsewhere."""
    height = TOP + ROW * len(drawing.lines) + 44
    way = " › ".join(drawing.way)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="{FONT}">',
        f"<title>{escape(way)}</title>",
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10" fill="{PAPER}" stroke="{FRAME}"/>',
        f'<path d="M1 40H{WIDTH - 1}" stroke="{FRAME}"/>',
        *(f'<circle cx="{22 + 18 * place}" cy="20" r="5" fill="none" stroke="{FRAME}"/>' for place in range(3)),
        _text(84, 25, drawing.of or CONSOLE[language], QUIET, 13),
        _text(24, 74, way, INK, 17, weight=600),
    ]
    for place, line in enumerate(drawing.lines):
        y = TOP + ROW * place
        if line.is_button:
            wide = 24 + 9 * _width(line.name)
            parts += [
                f'<rect x="24" y="{y}" width="{wide}" height="28" rx="6" fill="none" stroke="{INK}"/>',
                _text(24 + wide / 2, y + 19, line.name, INK, 15, anchor="middle"),
                _text(40 + wide, y + 19, line.value, QUIET, 14),
            ]
        else:
            parts += [_text(24, y + 19, line.name, INK, 15), _text(280, y + 19, line.value, QUIET, 14)]
        if line.goes_to:
            parts += [
                f'<path d="M448 {y + 14}h26m-6 -5l6 5l-6 5" fill="none" stroke="{MARK}" stroke-width="1.6"/>',
                _text(484, y + 19, line.goes_to, MARK, 14, font=MONO),
            ]
    parts += [_text(24, height - 18, NOTE[language], QUIET, 12, style="italic"), "</svg>", ""]
    return "\n".join(part for part in parts if part is not None)


def _width(text: str) -> int:
    """How wide a text is, in letters."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _text(
    x: float, y: float, text: str, color: str, size: int, *,
    weight: int = 400, anchor: str = "start", style: str = "normal", font: str = "",
) -> str | None:  # fmt: skip
    if not text:
        return None
    more = f' font-family="{font}"' if font else ""
    more += f' font-weight="{weight}"' if weight != 400 else ""
    more += f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-style="{style}"' if style != "normal" else ""
    return f'<text x="{x:g}" y="{y:g}" fill="{color}" font-size="{size}"{more}>{escape(text)}</text>'


def wanted() -> dict[str, str]:
    """Every file that is made here, by its name, and what it must hold."""
    return {
        f"{drawing.name}{language}.svg": drawn(drawing, language)
        for language, some in DRAWINGS.items()
        for drawing in some
    }


def main() -> None:
    for name, text in wanted().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/pictures/{name}")


if __name__ == "__main__":
    main()
