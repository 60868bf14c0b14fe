/** The response to a warning of a member, whichever of its calls is refused, finds no answer, or has its function die. */
import { describe, expect, it } from "@jest/globals";
import { FunctionRuns } from "../../../local/lab/function-runs.ts";
import { createKiller, harmCall, isMutation, type harms } from "../../../local/lab/harm.ts";
import { evaluationTag } from "../../../core/model/tags.ts";
import type { GroupEnding } from "../../../local/lab/group-lab.ts";
import { countUntil } from "../../../local/lab/recalled-runs.ts";
import { complaintsAboutResponse, responseLab, type ResponseLab } from "./response-days.ts";

const options = { size: 1 };

const recorded = await (async () => {
  const around = new FunctionRuns();
  const lab = await responseLab({ ...options, watchers: { around } });
  const matches = isMutation(lab.name.accountId);
  const calls: string[] = [];
  const times: number[] = [];
  lab.platform.cloud.faults.before((call) => {
    if (!matches(call)) return;
    calls.push(call.operation);
    times.push(call.at);
  });
  lab.interrupt(...lab.members);
  await lab.pass(3600);
  return { calls, times, ending: await lab.response(), runs: around.all };
})();

const launchedBy = ({ platform, name }: ResponseLab, { evaluationId }: GroupEnding): number =>
  platform.ec2.control
    .instances(name.accountId)
    .filter(({ tags }) => tags[evaluationTag] === evaluationId).length;

const all = recorded.calls.map((operation, index) => ({ operation, nth: index + 1 }));

type Harm = (typeof harms)[number] | "function killed before acting" | "kill switch";

/** Up to there its functions are recalled, those of the conversion before it too. */
const harmed = async (nth: number, harm: Harm) => {
  const { runs, times } = recorded;
  const recalled = runs.slice(0, countUntil(runs, { atMs: times[nth - 1] ?? 0 }));
  const watchers = { around: new FunctionRuns(recalled, false) };
  const lab = await responseLab({ ...options, watchers });
  const matches = isMutation(lab.name.accountId);
  const killer = createKiller();
  let seen = 0;
  if (harm === "function killed before acting") {
    lab.platform.cloud.faults.before((call) => {
      if (!matches(call)) return undefined;
      seen += 1;
      return seen === nth && killer.deaths === 0 ? killer.die() : undefined;
    });
  } else if (harm === "kill switch") {
    lab.platform.cloud.faults.after(async (call) => {
      if (!matches(call)) return;
      seen += 1;
      if (seen !== nth) return;
      await lab.account.api.send({
        method: "PUT",
        path: "/kill-switch",
        body: { engaged: true, reason: "drill" },
      });
    });
  } else harmCall(lab.platform, { harm, nth, matches });
  lab.interrupt(...lab.members);
  await lab.pass(2 * 3600);
  return { lab, ending: await lab.response() };
};

describe("the response for one member", () => {
  it("makes the calls of a conversion", () => {
    expect(recorded.calls).toEqual([
      "CreateOrUpdateTags",
      "RunInstances",
      "RegisterTargets",
      "SetInstanceProtection",
      "AttachInstances",
      "SetInstanceProtection",
      "SetInstanceProtection",
      "TerminateInstanceInAutoScalingGroup",
      "SetInstanceProtection",
      "DeleteTags",
    ]);
    expect(recorded.ending.status).toBe("SWITCHED");
  });

  describe.each(["function killed before acting", "connection broken after acting"] as const)(
    "%s",
    (harm) => {
      it.each(all)("at call $nth ($operation): one is launched, and serves", async ({ nth }) => {
        const { lab, ending } = await harmed(nth, harm);
        expect(complaintsAboutResponse(lab, ending)).toEqual([]);
        expect(launchedBy(lab, ending)).toBe(1);
        expect(ending.group?.members).toHaveLength(1);
      });
    },
  );

  it.each(all)(
    "leaves the group as large as it was when call $nth ($operation) is refused",
    async ({ nth }) => {
      const { lab, ending } = await harmed(nth, "unauthorized");
      expect(complaintsAboutResponse(lab, ending)).toEqual([]);
      expect(ending.group?.members).toHaveLength(1);
    },
  );

  const decisive = ["RunInstances", "AttachInstances", "TerminateInstanceInAutoScalingGroup"];

  it.each(all.filter(({ operation }) => decisive.includes(operation)))(
    "honours the kill switch after call $nth ($operation)",
    async ({ nth }) => {
      const { lab, ending } = await harmed(nth, "kill switch");
      expect(complaintsAboutResponse(lab, ending)).toEqual([]);
      expect(ending.group?.members).toHaveLength(1);
    },
  );
});
