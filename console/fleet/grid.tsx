/** The fleet's table: ten thousand rows, of which those that are seen are in the document. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { go } from "../route.ts";
import { keepList, listTop } from "../scrolled.ts";
import { copyByKey } from "../ui/copied.ts";
import { useChanges } from "../ui/use-changes.ts";
import { useKeys } from "../ui/use-keys.ts";
import { fleetColumns, nameOf, partsOf, type FleetColumn } from "./cells.tsx";
import type { Order, SortColumn } from "./order.ts";
import type { FleetRow } from "./rows.ts";
import { rowHeight, windowOf } from "./window.ts";

interface GridProps {
  readonly rows: readonly FleetRow[];
  readonly order: Order | undefined;
  readonly sort: (column: SortColumn) => void;
  readonly judgedAt: (row: FleetRow) => string | undefined;
  readonly current: string | undefined;
  readonly setCurrent: (targetId: string) => void;
  readonly selected: ReadonlySet<string>;
  readonly toggle: (targetId: string) => void;
}

const arrows = { ascending: " ↑", descending: " ↓" } as const;

const Heading = ({
  column,
  order,
  sort,
}: {
  readonly column: FleetColumn;
  readonly order: Order | undefined;
  readonly sort: (column: SortColumn) => void;
}): JSX.Element => {
  const direction = order?.column === column.id ? order.direction : undefined;
  return (
    <div
      role="columnheader"
      class={`cell ${column.id}${column.isRight === true ? " right" : ""}`}
      aria-sort={direction}
    >
      <button
        type="button"
        onClick={() => {
          sort(column.id);
        }}
      >
        {column.heading}
        {direction !== undefined && arrows[direction]}
      </button>
    </div>
  );
};

interface RowProps extends Pick<GridProps, "judgedAt" | "setCurrent" | "toggle"> {
  readonly row: FleetRow;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
}

const classOf = (...names: readonly (string | false | undefined)[]): string =>
  names.filter((name) => name !== false && name !== undefined).join(" ");

const Row = (props: RowProps): JSX.Element => {
  const { row, index, isCurrent, isSelected, isTabStop, judgedAt, setCurrent, toggle } = props;
  const changed = useChanges(row, partsOf);
  return (
    <div
      role="row"
      class={classOf("row", isCurrent && "current")}
      style={{ top: `${String(index * rowHeight)}px` }}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isTabStop ? 0 : -1}
      data-target={row.target_id}
      onFocus={() => {
        setCurrent(row.target_id);
      }}
      onKeyDown={(event) => {
        if (event.key !== " " || event.target !== event.currentTarget) return;
        event.preventDefault();
        toggle(row.target_id);
      }}
    >
      <div role="gridcell" class="cell choose">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Select ${nameOf(row)}`}
          checked={isSelected}
          onChange={() => {
            toggle(row.target_id);
          }}
        />
      </div>
      {fleetColumns.map(({ id, isRight, cell }) => (
        <div
          key={id}
          role="gridcell"
          class={classOf("cell", id, isRight === true && "right", changed.has(id) && "changed")}
        >
          {cell(row, judgedAt(row))}
        </div>
      ))}
    </div>
  );
};

interface Seen {
  readonly top: number;
  readonly height: number;
}

const useSeen = (element: { readonly current: HTMLDivElement | null }): Seen => {
  const [seen, setSeen] = useState<Seen>({ top: 0, height: 900 });
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const look = (): void => {
      setSeen({ top: box.scrollTop, height: box.clientHeight });
    };
    const onScroll = (): void => {
      keepList(box.scrollTop);
      look();
    };
    box.scrollTop = listTop();
    const observer = new ResizeObserver(look);
    observer.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    look();
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, []);
  return seen;
};

/**
 * The row of the focus stays in the document wherever the list is scrolled to, and in its order: an element that is taken out, or moved
 * among the others, loses the focus.
 */
const shownIndexes = (count: number, seen: Seen, current: number): readonly number[] => {
  const { first, end } = windowOf(count, seen.top, seen.height);
  const indexes = Array.from({ length: end - first }, (_, offset) => first + offset);
  if (current < 0 || (current >= first && current < end)) return indexes;
  return current < first ? [current, ...indexes] : [...indexes, current];
};

interface Place {
  readonly box: { readonly current: HTMLDivElement | null };
  /** Index of the current row; -1: none is. */
  readonly at: number;
  readonly seen: Seen;
}

const useMoves = (
  { rows, setCurrent, toggle }: Pick<GridProps, "rows" | "setCurrent" | "toggle">,
  { box, at, seen }: Place,
): void => {
  const focusOn = (index: number): void => {
    const found = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[found];
    const list = box.current;
    if (row === undefined || list === null) return;
    setCurrent(row.target_id);
    const top = found * rowHeight;
    if (top < list.scrollTop) list.scrollTop = top;
    const below = top + 2 * rowHeight - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
    requestAnimationFrame(() => {
      list.querySelector<HTMLElement>(`[data-target="${row.target_id}"]`)?.focus();
    });
  };
  const move = (step: number) => () => {
    focusOn(at < 0 ? 0 : at + step);
  };
  const page = Math.floor(seen.height / rowHeight) - 1;
  useKeys([
    { keys: "j", means: "Next row", run: move(1) },
    { keys: "k", means: "Row before", run: move(-1) },
    { keys: "ArrowDown", means: "Next row", run: move(1) },
    { keys: "ArrowUp", means: "Row before", run: move(-1) },
    { keys: "PageDown", means: "A page on", run: move(page) },
    { keys: "PageUp", means: "A page back", run: move(-page) },
    {
      keys: "Enter",
      means: "Open the row",
      run: () => {
        const row = rows[at];
        if (row !== undefined) go(`/targets/${row.target_id}`);
      },
    },
    {
      keys: "x",
      means: "Select the row",
      run: () => {
        const row = rows[at];
        if (row !== undefined) toggle(row.target_id);
      },
    },
    {
      keys: "c",
      means: "Copy the row's id",
      run: () => {
        const row = rows[at];
        if (row !== undefined) void copyByKey(row.target_id, "the id");
      },
    },
  ]);
};

export const FleetGrid = (props: GridProps): JSX.Element => {
  const { rows, order, sort, judgedAt, current, setCurrent, selected, toggle } = props;
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const at = rows.findIndex(({ target_id: id }) => id === current);
  useMoves(props, { box, at, seen });
  return (
    <div
      ref={box}
      class="grid"
      role="grid"
      aria-label="Targets"
      aria-multiselectable="true"
      aria-rowcount={rows.length + 1}
    >
      <div class="row headings" role="row" aria-rowindex={1}>
        <div role="columnheader" class="cell choose">
          <span class="unseen">Selected</span>
        </div>
        {fleetColumns.map((column) => (
          <Heading key={column.id} column={column} order={order} sort={sort} />
        ))}
      </div>
      <div role="rowgroup" class="rows" style={{ height: `${String(rows.length * rowHeight)}px` }}>
        {shownIndexes(rows.length, seen, at).map((index) => {
          const row = rows[index];
          if (row === undefined) return null;
          const { target_id: id } = row;
          return (
            <Row
              key={id}
              row={row}
              index={index}
              isCurrent={id === current}
              isSelected={selected.has(id)}
              toggle={toggle}
              isTabStop={at < 0 ? index === 0 : index === at}
              judgedAt={judgedAt}
              setCurrent={setCurrent}
            />
          );
        })}
      </div>
    </div>
  );
};
