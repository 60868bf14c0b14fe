/** Walks through the rows of a preflight: region by region in the order of their names, page by page, from where a cursor stands. */
import { brokenCursor, decodeCursor, encodeCursor } from "../../adapters/store/cursor.ts";
import { loadPreflightRows } from "../../adapters/store/preflights.ts";
import type { Table } from "../../adapters/store/table.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { PreflightOutcome, PreflightPlace, PreflightRow } from "../../core/model/preflight.ts";

export interface RowFilter {
  readonly outcome?: PreflightOutcome | undefined;
  readonly mode?: PipelineMode | undefined;
}

/** Of the stored pages one walk reads at most so many: an API call must end. */
const mostPages = 40;

interface Position {
  readonly region: string;
  readonly page: number;
  /** Rows of the page that were passed. */
  readonly offset: number;
}

const scopeOf = ({ outcome, mode }: RowFilter): string => `${outcome ?? ""} ${mode ?? ""}`;

/** @throws BrokenInput naming `cursor` */
const positionOf = (cursor: string, scope: string): Position => {
  const [filter, region = "", page, offset] = decodeCursor(cursor, 4);
  if (filter !== scope) throw brokenCursor();
  return { region, page: Number(page), offset: Number(offset) };
};

const isAsked =
  ({ outcome, mode }: RowFilter) =>
  (row: PreflightRow): boolean =>
    (outcome === undefined || row.outcome === outcome) && (mode === undefined || row.mode === mode);

interface StoredPage {
  readonly place: PreflightPlace;
  readonly page: number;
}

/** The stored pages from there on. */
const pagesFrom = (
  places: readonly PreflightPlace[],
  from: Position | undefined,
): readonly StoredPage[] =>
  places
    .flatMap((place) => Array.from({ length: place.pages }, (_, page) => ({ place, page })))
    .filter(
      ({ place: { region }, page }) =>
        from === undefined || region > from.region || (region === from.region && page >= from.page),
    );

interface PlacedRow {
  readonly row: PreflightRow;
  readonly position: Position;
}

/** Of a stored page what a cursor has not passed yet. */
const rowsFrom = async (
  table: Table,
  { place, page }: StoredPage,
  from: Position | undefined,
): Promise<readonly PlacedRow[]> => {
  const { preflightId, region } = place;
  const rows = await loadPreflightRows(table, { preflightId, region, page });
  const passed = from?.region === region && from.page === page ? from.offset : 0;
  return rows.map((row, offset) => ({ row, position: { region, page, offset } })).slice(passed);
};

/**
 * At most `limit` rows; fewer than that, with a cursor, where many are passed over by the filter.
 * @throws BrokenInput naming `cursor`; BrokenFacts naming the page that can't be read
 */
export const rowsOf = async (
  table: Table,
  places: readonly PreflightPlace[],
  input: {
    readonly filter: RowFilter;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
): Promise<{ readonly items: readonly PreflightRow[]; readonly cursor?: string }> => {
  const { filter, limit, cursor } = input;
  const scope = scopeOf(filter);
  const from = cursor === undefined ? undefined : positionOf(cursor, scope);
  const items: PreflightRow[] = [];
  const at = ({ region, page, offset }: Position): string =>
    encodeCursor([scope, region, String(page), String(offset)]);
  for (const [index, stored] of pagesFrom(places, from).entries()) {
    if (index === mostPages) {
      const { place, page } = stored;
      return { items, cursor: at({ region: place.region, page, offset: 0 }) };
    }
    for (const { row, position } of await rowsFrom(table, stored, from)) {
      if (items.length === limit) return { items, cursor: at(position) };
      if (isAsked(filter)(row)) items.push(row);
    }
  }
  return { items };
};
