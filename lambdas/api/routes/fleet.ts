/** The fleet in one answer. Reads what sweeps have written and what evaluations have done since, and no customer's account. */
import { createRoute } from "@hono/zod-openapi";
import { changesSince, unsweptIn } from "../../../core/decide/fleet/fleet-changes.ts";
import { fleetEntries } from "../../../core/decide/fleet/fleet-view.ts";
import type { ApiApp, ApiContext } from "../context.ts";
import { fleetJson } from "../fleet-json.ts";
import { decodeRevision, encodeRevision } from "../fleet-revision.ts";
import { readFleet } from "../fleet.ts";
import { json, problems } from "../schemas/common.ts";
import { fleetQuery, fleetSchema } from "../schemas/fleet.ts";

const fleetRoute = createRoute({
  method: "get",
  path: "/fleet",
  tags: ["targets"],
  operationId: "getFleet",
  summary: "Show every target with its standing, prices, saving and last verdict",
  description:
    "Rows are told column by column, in the order of the targets' ids. What their place shows is as its last sweep has read it; what is registered, and what evaluations do, is as it stands now. With `after` only what may have changed since is sent; `totals` and `attention` are of all rows.",
  request: { query: fleetQuery },
  responses: { 200: json("The fleet.", fleetSchema), ...problems(400) },
});

export const addFleetRoute = (app: ApiApp, context: ApiContext): void => {
  app.openapi(fleetRoute, async (request) => {
    const { after } = request.req.valid("query");
    const sources = await readFleet(context);
    const { places } = sources;
    const entries = fleetEntries(sources);
    const seen = after === undefined ? undefined : decodeRevision(after, places);
    const changes = seen && changesSince(seen, sources, entries);
    const revision = encodeRevision(places, unsweptIn(sources));
    return request.json(fleetJson({ revision, places, entries, changes }), 200);
  });
};
