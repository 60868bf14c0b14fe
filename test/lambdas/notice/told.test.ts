/** What real evaluations and the enforcer tell: the whole way, from their own functions to our bus. */
import { describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { acceptsNewAddress, shop } from "../../../local/bench/evaluations.ts";
import { openBenchAccount } from "../../../local/bench/recorded.ts";
import type { LabAccount } from "../../../local/lab/account.ts";
import { followExecution } from "../../../local/lab/follow.ts";
import { addWorkload, register, startEvaluation } from "../../../local/lab/subject.ts";
import { afterWeek } from "../enforce/enforce-lab.ts";

const entriesSchema = z.object({ Entries: z.array(z.object({ Detail: z.string() })) });

const eventsOf = ({ platform }: Pick<LabAccount, "platform">): readonly object[] =>
  platform.cloud.journal
    .filter(({ operation }) => operation === "PutEvents")
    .flatMap(({ input }) => entriesSchema.parse(input).Entries)
    .map(({ Detail }) => JSON.parse(Detail) as object);

describe("told", () => {
  it("is a switch that was made, with its saving and its downtime", async () => {
    const account = await openBenchAccount();
    const instance = addWorkload(account, shop);
    await register(account, instance, {
      isShadowMode: false,
      policyOverrides: { ...acceptsNewAddress, consistency: "stop-and-image" },
    });
    await account.platform.functions.invoke("notice-deliver", {});
    const started = await startEvaluation(account, instance.instanceId);
    await followExecution(account, started.execution_arn, {
      onVisit: () => undefined,
      onTick: () => undefined,
    });
    await account.platform.functions.invoke("notice-deliver", {});
    expect(eventsOf(account)).toMatchObject([
      {
        kind: "SWITCH_DONE",
        evaluation_id: started.evaluation_id,
        figures: {
          monthly_savings_usd: expect.any(Number),
          downtime_seconds: expect.any(Number),
        },
        times: 1,
      },
    ]);
  });

  it("is what the enforcer told its own topic, and that this refused it", async () => {
    const { lab, id } = await afterWeek();
    await lab.platform.functions.invoke("notice-deliver", {});
    expect(eventsOf(lab)).toMatchObject([{ kind: "ENFORCEMENT", error: "FLAG", resource: id }]);
    lab.platform.sns.removeTopic(lab.topicArn);
    await lab.scan();
    await lab.carryOut();
    await lab.platform.functions.invoke("notice-deliver", {});
    expect(eventsOf(lab).slice(1)).toMatchObject([
      { kind: "ENFORCEMENT", error: "NOTICE_REFUSED", resource: lab.topicArn },
    ]);
  });
});
