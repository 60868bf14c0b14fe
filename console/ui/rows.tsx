/** Rows as a table, and where there is no room for one as cards with the same cells. */
import type { JSX } from "preact";
import { Facts } from "./facts.tsx";
import { inOrder, Table, type TableProps } from "./table.tsx";
import { isWide } from "./wide.ts";

const Cards = <Row,>(props: TableProps<Row>): JSX.Element => (
  <ul class="row-cards" aria-label={props.label}>
    {inOrder(props).map((row) => (
      <li key={props.keyOf(row)}>
        <Facts facts={props.columns.map(({ heading, cell }) => [heading, cell(row)])} />
      </li>
    ))}
  </ul>
);

export const Rows = <Row,>(props: TableProps<Row>): JSX.Element =>
  isWide.value ? <Table {...props} /> : <Cards {...props} />;
