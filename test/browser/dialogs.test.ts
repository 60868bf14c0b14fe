/** Every question that the page asks before something is changed, in each width and scheme, opened where it is opened. */
import { riskPoolPageSchema } from "../../lambdas/api/schemas/risk-pools.ts";
import { accountId, createLab } from "../../local/lab/lab.ts";
import { plain } from "../../local/lab/scenarios.ts";
import { usualFleet } from "./fleets.ts";
import { describeHeld, withBrowser } from "./held.ts";
import { approvalPath, longAnswers } from "./long-lists.ts";
import { apiOf, json, type Api } from "./page-under-test.ts";

const lists = (): Api =>
  apiOf({ ...longAnswers, "/fleet": json(usualFleet), "/evaluations": json({ items: [] }) });

/** In shadow mode. */
const lab = async (): Promise<Api> =>
  (await createLab({ ...plain, isShadowMode: true })).platform.gateway;

const pools = riskPoolPageSchema.parse({
  total: { losses: 1, lab_losses: 0 },
  items: [
    {
      pool_id: "us-east-1:use1-az1:m6a.24xlarge:linux-unix",
      pool: {
        region: "us-east-1",
        zone_id: "use1-az1",
        instance_type: "m6a.24xlarge",
        product: "Linux/UNIX",
      },
      losses: 1,
      lab_losses: 0,
      decayed_losses: 1,
      losses_by_day: [{ day: "2026-03-01", losses: 1 }],
      found_late: 0,
      refusals: 0,
    },
  ],
});

const risk = (): Api =>
  apiOf({ ...longAnswers, "/risk/pools": json(pools), "/accounts": json({ items: [] }) });

const asks = [
  { name: "stop all", api: lists, path: "/waste", opens: ".kill > button" },
  { name: "approve", api: lists, path: approvalPath, opens: "button:has-text('Approve…')" },
  { name: "reject", api: lists, path: approvalPath, opens: "button:has-text('Reject…')" },
  { name: "delete waste", api: lists, path: "/waste", opens: "button:has-text('Approve…')" },
  { name: "leave waste", api: lists, path: "/waste", opens: "button:has-text('Dismiss…')" },
  { name: "exempt", api: lists, path: "/governance", opens: "button:has-text('Exempt…')" },
  { name: "quarantine", api: risk, path: "/risk", opens: "button:has-text('Quarantine…')" },
  {
    name: "verify an account",
    api: lab,
    path: `/accounts/${accountId}`,
    opens: "button:has-text('Verify…')",
  },
] as const;

describeHeld(
  "a question",
  asks.map((ask) => ({ ...ask, shows: "dialog[open] .dialog-buttons" })),
  withBrowser(),
);

describeHeld(
  "a question about a target",
  ["End shadow mode…", "Evaluate…"].map((verb) => ({
    name: verb,
    api: lab,
    path: "/",
    opens: "a.name",
    thenOpens: `button:has-text('${verb}')`,
    shows: "dialog[open] .dialog-buttons",
  })),
  withBrowser(),
);
