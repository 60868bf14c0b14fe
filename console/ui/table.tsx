/** A table of some hundred rows at most: sorted by any column, in the address, so that Back and a copied link find the order again. */
import type { ComponentChildren, JSX } from "preact";
import { narrow, route } from "../route.ts";
import { sortedBy, type Direction, type SortKey } from "./sort.ts";

export interface TableColumn<Row> {
  readonly id: string;
  readonly heading: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly align?: "right";
  /** What it is sorted by; absent: it is not sorted by this column. */
  readonly sortKey?: (row: Row) => SortKey;
  /** Of the first press: figures begin with the highest. */
  readonly firstDirection?: Direction;
}

export interface TableProps<Row> {
  /** For who does not see it. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly keyOf: (row: Row) => string;
  /** Parameters of the address, where a screen has several tables. */
  readonly sortParameter?: string;
  /** As the address says it: `-saves`. Absent: in the order of the rows. */
  readonly firstOrder?: string;
  readonly class?: string;
}

interface Order {
  readonly id: string;
  readonly direction: Direction;
}

const orderIn = (text: string | null): Order | undefined => {
  if (text === null) return undefined;
  return text.startsWith("-")
    ? { id: text.slice(1), direction: "descending" }
    : { id: text, direction: "ascending" };
};

const opposite = (direction: Direction): Direction =>
  direction === "ascending" ? "descending" : "ascending";

const Heading = <Row,>({
  column,
  order,
  parameter,
}: {
  readonly column: TableColumn<Row>;
  readonly order: Order | undefined;
  readonly parameter: string;
}): JSX.Element => {
  const { id, heading, align, sortKey, firstDirection = "ascending" } = column;
  const direction = order?.id === id ? order.direction : undefined;
  const press = (): void => {
    const next = direction === undefined ? firstDirection : opposite(direction);
    narrow({ [parameter]: next === "descending" ? `-${id}` : id });
  };
  return (
    <th scope="col" class={align} aria-sort={direction}>
      {sortKey === undefined ? (
        heading
      ) : (
        <button type="button" onClick={press}>
          {heading}
          {direction === undefined ? "" : direction === "ascending" ? " ↑" : " ↓"}
        </button>
      )}
    </th>
  );
};

const orderOf = <Row,>({ sortParameter = "sort", firstOrder }: TableProps<Row>) =>
  orderIn(route.value?.query.get(sortParameter) ?? firstOrder ?? null);

/** The rows as the address wants them sorted. */
export const inOrder = <Row,>(props: TableProps<Row>): readonly Row[] => {
  const { rows, columns, keyOf } = props;
  const order = orderOf(props);
  const sortKey = columns.find(({ id }) => id === order?.id)?.sortKey;
  return order === undefined || sortKey === undefined
    ? rows
    : sortedBy(rows, { key: sortKey, direction: order.direction, id: keyOf });
};

export const Table = <Row,>(props: TableProps<Row>): JSX.Element => {
  const { label, columns, sortParameter = "sort" } = props;
  const order = orderOf(props);
  const shown = inOrder(props);
  return (
    // A region that scrolls must be reached by the keyboard.
    <div class="table-wrap" tabIndex={0} role="region" aria-label={label}>
      <table class={props.class}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.id} column={column} order={order} parameter={sortParameter} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={props.keyOf(row)}>
              {columns.map(({ id, align, cell }) => (
                <td key={id} class={align}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
