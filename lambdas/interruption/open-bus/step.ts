/**
 * Opens our bus to the accounts that are connected, and to no others: looked at every few minutes, so that whoever connects or disconnects
 * an account need not think of it. Between the two an account's events go to its own dead-letter queue, or are dropped by who receives them.
 */
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { putBusPolicy, readEventBus } from "../../../adapters/aws/eventbridge.ts";
import { listAllAccounts } from "../../../adapters/store/accounts.ts";
import type { CommonContext } from "../../runtime/context.ts";
import type { Step } from "../../runtime/step.ts";
import { busPolicyOf, isSamePolicy } from "./bus-policy.ts";

export interface OpenBusContext extends Pick<CommonContext, "table" | "log"> {
  readonly eventBridge: EventBridgeClient;
  readonly eventBusName: string;
}

const outputSchema = z.object({
  kind: z.enum(["OPENED", "UNCHANGED"]),
  summary: z.string(),
  /** That may put events on it. */
  accounts: z.int(),
});
type Output = z.infer<typeof outputSchema>;

export const openBusStep: Step<unknown, Output, OpenBusContext> = {
  name: "open-bus",
  clients: [],
  input: z.unknown(),
  output: outputSchema,
  run: async ({ table, eventBridge, eventBusName: name }) => {
    const connected = (await listAllAccounts(table)).filter(({ status }) => status !== "DISABLED");
    const bus = await readEventBus(eventBridge, name);
    const accountIds = connected.map(({ accountId }) => accountId);
    const policy = busPolicyOf(bus.arn, accountIds);
    const isSame = isSamePolicy(bus.policy, policy);
    if (!isSame) await putBusPolicy(eventBridge, { name, policy });
    return {
      kind: isSame ? "UNCHANGED" : "OPENED",
      summary: `Event bus ${name} is open to ${String(accountIds.length)} accounts.`,
      accounts: accountIds.length,
    };
  },
};
