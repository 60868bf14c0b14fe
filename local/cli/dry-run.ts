/**
 * Keeps `--dry-run` for every command: a request that would change something is not sent. What it would do is asked instead, by
 * `POST /dry-run`, which sends it through the same checks and refuses what would be refused.
 */
import type { components } from "./api/schema.ts";
import type { Line, Print } from "./output/print.ts";

type DryRun = components["schemas"]["DryRun"];

/** Thrown in place of an answer: a command has nothing more to do once it would have changed something. */
export class Tried extends Error {
  override readonly name = "Tried";
  readonly dryRun: DryRun;

  constructor(dryRun: DryRun) {
    super("Nothing was changed.");
    this.dryRun = dryRun;
  }
}

const basePath = "/api/v1";
const ownPath = `${basePath}/dry-run`;

/** What only judges, and what the API itself tells without doing it. */
export const changesNothing = ({ method, url }: Request): boolean => {
  const { pathname, searchParams } = new URL(url);
  return (
    method === "GET" ||
    searchParams.get("dry_run") === "true" ||
    pathname.endsWith("/replay") ||
    pathname.endsWith(ownPath)
  );
};

/** Undefined: the request itself may be sent. */
export const dryRunOf = async (request: Request): Promise<Request | undefined> => {
  if (changesNothing(request)) return undefined;
  const { origin, pathname, search } = new URL(request.url);
  const begin = pathname.indexOf(basePath);
  const path = pathname.slice(begin + basePath.length) + search;
  const text = await request.text();
  return new Request(`${origin}${pathname.slice(0, begin)}${ownPath}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      method: request.method,
      path,
      ...(text !== "" && { body: JSON.parse(text) as unknown }),
    }),
  });
};

const valueText = (value: unknown): string => {
  if (value === undefined) return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** Of what is made or taken away as a whole its parts say nothing. */
const changeLine = ({ path, before, after }: DryRun["changes"][number]): Line =>
  path === ""
    ? ["All of it", after === undefined ? "is taken away" : "is made"]
    : [path, `${valueText(before)} → ${valueText(after)}`];

const nameOf = (action: string): string => action.toLowerCase().replaceAll("_", " ");

const endOf = ({ calls, status }: DryRun): Line =>
  status === undefined
    ? ["Ends before", calls.map(({ operation }) => operation).join(", ")]
    : ["Answer", String(status)];

/** What the request would do: for people line by line. */
export const printDryRun = (print: Print, { dryRun }: Tried): void => {
  const { actions, changes, subject = "" } = dryRun;
  print.note("A dry run: nothing was changed.");
  print.record(dryRun, [
    ...actions.map(({ action, resource }): Line => ["Would", `${nameOf(action)}: ${resource}`]),
    endOf(dryRun),
    ["Shown by", subject === "" ? "" : `GET ${basePath}${subject}`],
    ...changes.map(changeLine),
  ]);
};
