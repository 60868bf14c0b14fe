import { describe, expect, it } from "@jest/globals";
import { SpotOptimizerError } from "../../../core/errors.ts";
import { evaluationIdSchema, type EvaluationId } from "../../../core/model/ids.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { plain, throwKillSwitch } from "../../../local/lab/scenarios.ts";

/** Called before and after each invocation of a function, with its number. */
const atInvocations = (
  lab: Lab,
  happens: (moment: "before" | "after", nth: number, name: string) => void,
): void => {
  const { functions } = lab.platform;
  const { invoke } = functions;
  let count = 0;
  functions.invoke = async (name, payload) => {
    count += 1;
    const nth = count;
    happens("before", nth, name);
    const answer = await invoke(name, payload);
    happens("after", nth, name);
    return answer;
  };
};

const countInvocations = async (): Promise<number> => {
  const lab = await createLab(plain);
  let invocations = 0;
  atInvocations(lab, (_moment, nth) => {
    invocations = nth;
  });
  await lab.run();
  return invocations;
};

/** The process is gone for two minutes; less than the lease. */
const dieAndComeBack = (lab: Lab): void => {
  const { interpreter } = lab.platform;
  interpreter.kill();
  lab.clock.schedule(lab.clock.now() + 120_000, () => interpreter.resume());
};

const invocations = await countInvocations();
/** Every other one: each function comes at least once. */
const transitions = Array.from({ length: Math.ceil(invocations / 2) }, (_, index) => ({
  nth: 2 * index + 1,
}));

const start = async (lab: Lab): Promise<EvaluationId> => {
  const { body } = await lab.evaluate();
  return evaluationIdSchema.parse(body["evaluation_id"]);
};

describe("the workflow's process, killed and started again", () => {
  it.each(transitions)(
    "when function $nth of the run has answered and the answer is lost, comes to the same end",
    async ({ nth }) => {
      const lab = await createLab(plain);
      atInvocations(lab, (moment, count) => {
        if (moment === "after" && count === nth) dieAndComeBack(lab);
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.replacements).toHaveLength(1);
    },
  );
});

describe("an execution that was ended from outside", () => {
  it.each([
    "linear-launch",
    "linear-freeze-original",
    "linear-move-identity",
    "linear-retire-original",
  ])("after %s goes on where it was when it is redriven", async (name) => {
    const lab = await createLab(plain);
    const id = await start(lab);
    const arn = (await lab.send("GET", `/evaluations/${id}`)).body["execution_arn"] as string;
    let isReached = false;
    atInvocations(lab, (moment, _nth, function_) => {
      if (moment === "after" && function_ === name) isReached = true;
    });
    await lab.clock.run({ until: () => isReached });
    await lab.platform.interpreter.stop({ executionArn: arn, cause: "by mistake" });
    await lab.clock.run({ atMostMs: lab.clock.now() + 5 * 60_000 });
    await lab.platform.interpreter.redrive(arn);
    const story = await lab.finish(id);
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
  });

  it.each([
    ["a switch", false, "SWITCHED"],
    ["a roll-back", true, "ROLLED_BACK"],
  ])(
    "because the record of %s could not be written is recorded by a redrive",
    async (_n, isKilled, status) => {
      const lab = await createLab(plain);
      let isDown = true;
      let launches = 0;
      atInvocations(lab, (moment, _nth, name) => {
        if (moment === "before" && name === "judge-record" && isDown) {
          throw new SpotOptimizerError("RetryableUnavailable", "The state table does not answer.");
        }
        if (name === "linear-launch") launches += 1;
      });
      lab.platform.cloud.faults.after(async ({ operation }) => {
        if (operation === "RunInstances" && isKilled) await throwKillSwitch(lab);
      });
      const failed = await lab.run();
      expect(launches).toBeGreaterThan(0);
      expect(failed.executionStatus).toBe("FAILED");
      expect(failed.status).toBe("RUNNING");
      isDown = false;
      await lab.platform.interpreter.redrive(failed.evaluation.executionArn ?? "");
      const story = await lab.finish(failed.evaluationId);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe(status);
    },
  );
});
