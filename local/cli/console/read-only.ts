/** Says which requests change nothing, whatever their method: those that judge, and those that tell what would be done. */

const id = "[^/?]+";

/** By method, then path and query: a query that a route does not know would not keep it from acting. */
const harmless: readonly RegExp[] = [
  /^(?:GET|HEAD) /,
  /^POST \/api\/v1\/dry-run$/,
  new RegExp(`^POST /api/v1/evaluations/${id}/replay$`),
  new RegExp(`^POST /api/v1/evaluations/${id}/(?:resume|roll-back|adopt)\\?dry_run=true$`),
  new RegExp(`^DELETE /api/v1/accounts/${id}\\?dry_run=true(?:&end=[^&]*)?$`),
];

export const changesNothing = ({ method, url }: Pick<Request, "method" | "url">): boolean => {
  const { pathname, search } = new URL(url);
  return harmless.some((pattern) => pattern.test(`${method} ${pathname}${search}`));
};
