"""A stand-in for Excel's charts on a sheet. Names are Excel's; an attribute that is not here is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kaohe.workbooks.package.refs import Area


class Sized:
    """A rectangle of cells as it lies on the screen."""

    area: Area

    @property
    def Left(self) -> float:  # noqa: N802
        """Points from the left edge: every column is 50 wide."""
        return float(50 * (self.area.left - 1))

    @property
    def Top(self) -> float:  # noqa: N802
        """Points from the top: every row is 18 high."""
        return float(18 * (self.area.top - 1))

    @property
    def Width(self) -> float:  # noqa: N802
        """Points across."""
        return float(50 * (self.area.right - self.area.left + 1))

    @property
    def Height(self) -> float:  # noqa: N802
        """Points down."""
        return float(18 * (self.area.bottom - self.area.top + 1))


class Plain:
    """An object of Excel's with just these settings."""

    def __init__(self, **settings: Any) -> None:
        self.__dict__.update(settings)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        assert name in self.__dict__, name
        self.__dict__[name] = value


class Fill(Plain):
    """How a row of bars is filled."""

    def __init__(self) -> None:
        super().__init__(ForeColor=Plain(RGB=0), pattern=0)

    def Solid(self) -> None:  # noqa: N802
        """One colour."""
        self.pattern = 0

    def Patterned(self, pattern: int) -> None:  # noqa: N802
        """Hatched."""
        self.pattern = pattern


class Series(Plain):
    """A row of bars."""

    def __init__(self) -> None:
        super().__init__(Format=Plain(Fill=Fill()), HasDataLabels=False, labels=Plain(NumberFormat="General"))

    def DataLabels(self) -> Plain:  # noqa: N802
        """The values written at the bars."""
        assert self.HasDataLabels
        found: Plain = self.labels
        return found


class Axis(Plain):
    """An axis."""

    def __init__(self) -> None:
        super().__init__(
            ReversePlotOrder=False,
            TickLabelPosition=4,
            Crosses=-4105,
            HasMajorGridlines=True,
            HasTitle=False,
            AxisTitle=Plain(Text=""),
            there=True,
        )

    def Delete(self) -> None:  # noqa: N802
        """Show it no more."""
        self.there = False


class Chart(Plain):
    """What is drawn; ``source``: the range it was made from."""

    rows: list[Series]

    def __init__(self) -> None:
        super().__init__(
            ChartType=51,
            PlotVisibleOnly=True,
            HasTitle=False,
            ChartTitle=Plain(Formula=""),
            HasLegend=True,
            Legend=Plain(Position=-4152),
            ChartStyle=227,
            source="",
            rows=[],
            axes={1: Axis(), 2: Axis()},
        )

    def SetSourceData(self, cells: Any, by: int) -> None:  # noqa: N802
        """Rows of bars from the columns behind the first one; those that are there keep their looks."""
        assert by == 2
        corner = cells.Worksheet.cells.values.get((cells.area.top, cells.area.left))
        assert not corner, "with a text in the corner Excel takes the names for values"
        count = cells.area.right - cells.area.left
        self.source = cells.area.text()
        kept: list[Series] = self.rows[:count]
        self.rows = [*kept, *(Series() for _ in range(count - len(kept)))]

    def SeriesCollection(self, number: int) -> Series:  # noqa: N802
        """A row of bars, from 1."""
        found: Series = self.rows[number - 1]
        return found

    def Axes(self, kind: int) -> Axis:  # noqa: N802
        """1: names, 2: values."""
        found: Axis = self.axes[kind]
        return found


class ChartObject(Plain):
    """A chart with its place."""

    def __init__(self, holder: ChartObjects, place: tuple[float, ...]) -> None:
        left, top, width, height = place
        super().__init__(
            Name="图表 1", Left=left, Top=top, Width=width, Height=height, Chart=Chart(), holder=holder
        )

    def Delete(self) -> None:  # noqa: N802
        """Take it off the sheet."""
        self.holder.all.remove(self)


class ChartObjects:
    """The charts of a sheet."""

    def __init__(self) -> None:
        self.all: list[ChartObject] = []

    @property
    def Count(self) -> int:  # noqa: N802
        """How many."""
        return len(self.all)

    def __iter__(self) -> Iterator[ChartObject]:
        return iter(self.all)

    def __call__(self, which: int | str) -> ChartObject:
        by_name = {found.Name: found for found in self.all}
        return self.all[which - 1] if isinstance(which, int) else by_name[which]

    def Add(self, left: float, top: float, width: float, height: float) -> ChartObject:  # noqa: N802
        """A new chart."""
        self.all.append(ChartObject(self, (left, top, width, height)))
        return self.all[-1]
