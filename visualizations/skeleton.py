"""A skeleton seen from the front, as polygons and curves: each region is a bone or group of bones that a concept names.

Drawn for this project on a field of 240 by 560 units. Paired bones are drawn once and mirrored about the middle.

>>> [region.name for region in REGIONS if "Femur" in region.depicts]
['thigh']
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WIDTH, HEIGHT = 240, 560


@dataclass(frozen=True)
class Region:
    """A part of the skeleton: the concepts it depicts (its own first), and its outlines as SVG path data."""

    name: str
    label: str
    depicts: tuple[str, ...]
    paths: tuple[str, ...]
    paired: bool = False


def _long_bone(x1: float, y1: float, x2: float, y2: float, width: float) -> str:
    """A shaft with a wider end on either side."""
    length = math.hypot(x2 - x1, y2 - y1)
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    profile = ((0.0, 0.7), (0.03, 1.1), (0.09, 1.1), (0.2, 0.62), (0.8, 0.62), (0.91, 1.1), (0.97, 1.1), (1.0, 0.7))
    sides = [[(t, side * w) for t, w in profile] for side in (1, -1)]
    outline = [*sides[0], *reversed(sides[1])]
    points = [
        (x1 + t * length * ux - w * width / 2 * uy, y1 + t * length * uy + w * width / 2 * ux) for t, w in outline
    ]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _rib(number: int) -> str:
    """A rib of the right half of the picture, from the breastbone outwards and down."""
    y = 138 + 12.5 * number
    reach = 120 + (34, 44, 50, 54, 56, 56, 53, 46)[number]
    return (
        f"M130 {y} C{120 + (reach - 120) * 0.6:.1f} {y - 8} {reach} {y - 5} {reach} {y + 13}"
        f"C{reach - 6} {y + 4} {120 + (reach - 120) * 0.55:.1f} {y} 130 {y + 6.5}Z"
    )


def _vertebrae(top: float, bottom: float, count: int, width: float) -> tuple[str, ...]:
    step = (bottom - top) / count
    return tuple(f"M{120 - width / 2} {top + i * step:.1f}h{width}v{step - 2:.1f}h{-width}Z" for i in range(count))


def _fan(x: float, y: float, reach: float, spread: tuple[float, ...], width: float) -> tuple[str, ...]:
    """Fingers or toes, each a small bone from one place in its own direction."""
    return tuple(
        _long_bone(x + math.sin(a) * 9, y + math.cos(a) * 9, x + math.sin(a) * reach, y + math.cos(a) * reach, width)
        for a in spread
    )


_SPINE = ("Vertebra", "Spine")
REGIONS = (
    Region(
        "skull",
        "skull",
        ("Skull",),
        ("M120 10C90 10 82 34 85 54C86 64 91 71 97 76L143 76C149 71 154 64 155 54C158 34 150 10 120 10Z",),
    ),
    Region("jaw", "jaw", ("Jaw",), ("M99 80L141 80C141 94 132 105 120 105C108 105 99 94 99 80Z",)),
    Region("neck", "vertebrae of the neck", _SPINE, _vertebrae(108, 130, 3, 15)),
    Region("chest_spine", "thoracic vertebrae", ("ThoracicVertebra", *_SPINE), _vertebrae(132, 240, 9, 21)),
    Region("low_spine", "lumbar vertebrae", ("LumbarVertebra", "LowerSpine", *_SPINE), _vertebrae(242, 300, 4, 24)),
    Region("ribs", "ribs", ("Rib",), tuple(map(_rib, range(8))), paired=True),
    Region("breastbone", "breastbone", ("Sternum",), ("M113 134L127 134L126 150L125 206L120 216L115 206L114 150Z",)),
    Region(
        "pelvis",
        "pelvis",
        ("Pelvis",),
        (
            "M120 304C104 296 82 294 72 306C64 320 74 342 92 350L103 364C111 372 129 372 137 364L148 350"
            "C166 342 176 320 168 306C158 294 136 296 120 304Z",
        ),
    ),
    Region(
        "upper_arm",
        "upper arm",
        ("Humerus", "UpperArmBone", "ArmBone"),
        (_long_bone(188, 138, 198, 232, 15),),
        paired=True,
    ),
    Region(
        "forearm",
        "forearm",
        ("ArmBone",),
        (_long_bone(194, 236, 201, 314, 8), _long_bone(204, 236, 211, 312, 8)),
        paired=True,
    ),
    Region(
        "hand",
        "hand",
        ("HandBone",),
        ("M199 318L217 316L219 332L204 334Z", *_fan(211, 326, 36, (-0.5, -0.15, 0.12, 0.4, 0.85), 5)),
        paired=True,
    ),
    Region(
        "thigh",
        "thigh",
        ("Femur", "UpperLegBone", "LongBoneOfLeg", "LegBone"),
        (_long_bone(156, 352, 150, 450, 18),),
        paired=True,
    ),
    Region(
        "lower_leg",
        "lower leg",
        ("LegBone", "LongBoneOfLeg"),
        (_long_bone(147, 456, 147, 532, 12), _long_bone(158, 458, 157, 530, 6)),
        paired=True,
    ),
    Region("foot", "foot", ("FootBone",), ("M142 535L160 535L164 542L180 548L181 554L142 554Z",), paired=True),
)
