import { beforeEach, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { functionNames, isStepName } from "../../../lambdas/access/functions.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { plain } from "../../../local/lab/scenarios.ts";
import { linearWorkflow } from "../../../statemachines/linear.ts";
import { placeholdersIn } from "../../../statemachines/workflows.ts";
import { afterAnswerOf, noting, releasesOf } from "../releases.ts";

const dayMs = 86_400_000;

const workflowSteps = functionNames.filter(isStepName);

describe("a deployment during a switch", () => {
  it.each(["judge-open-evaluation", "linear-launch", "linear-freeze-original"] as const)(
    "after %s leaves it the code with which it began, and gives the next one the new code",
    async (name) => {
      const lab = await createLab(plain);
      const ran: string[] = [];
      lab.platform.deploy(noting("first", ran));
      afterAnswerOf(lab.platform, name, () => {
        lab.platform.deploy(noting("second", ran));
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(releasesOf(ran)).toEqual(["first"]);

      ran.length = 0;
      await lab.run();
      expect(releasesOf(ran)).toEqual(["second"]);
    },
  );

  it("lets a roll-back go on with the old code too, after the process was started again", async () => {
    const lab = await createLab(plain);
    const ran: string[] = [];
    lab.platform.deploy(noting("first", ran));
    afterAnswerOf(lab.platform, "linear-freeze-original", () => {
      lab.platform.deploy(noting("second", ran));
      const { interpreter } = lab.platform;
      interpreter.kill();
      lab.clock.schedule(lab.clock.now() + 60_000, () => interpreter.resume());
      lab.platform.cloud.faults.before((call) => {
        if (call.operation === "AttachVolume" && call.caller.accountId === lab.account.accountId) {
          throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
        }
      });
    });
    const story = await lab.run();
    expect(story.status).not.toBe("SWITCHED");
    expect(ran).toContain("first linear-roll-back");
    expect(releasesOf(ran)).toEqual(["first"]);
  });
});

describe("the janitor of our code", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await createLab(plain);
  });

  const pass = (days: number) => lab.clock.run({ atMostMs: lab.clock.now() + days * dayMs });

  const tidy = async (): Promise<string> =>
    z
      .object({ summary: z.string() })
      .parse(await lab.platform.functions.invoke("schedule-code-janitor", {})).summary;

  const launchVersions = (): readonly number[] =>
    [1, 2, 3, 4].filter((version) => {
      try {
        lab.platform.functions.code.find(`linear-launch:${String(version)}`);
        return true;
      } catch {
        return false;
      }
    });

  const deploy = (): void => {
    lab.platform.deploy(noting("next", []));
  };

  /** It fails at its first step: there is no such evaluation. */
  const startFailing = async (): Promise<string> => {
    const stateMachineArn = lab.platform.workflowOf("LINEAR") ?? "";
    const { executionArn } = await lab.platform.interpreter.start({
      stateMachineArn,
      input: { evaluationId: "evl-0000000000" },
    });
    return executionArn;
  };

  const deletions = (): readonly string[] =>
    lab.platform.cloud.journal
      .filter(({ operation }) => operation === "DeleteFunction")
      .map(({ input }) => JSON.stringify(input));

  /** Steps of all modes among them: an execution of another workflow may name the same version. */
  const ofLinear = placeholdersIn(linearWorkflow).length;
  const ofOthersAlone = workflowSteps.length - ofLinear;
  const isNamedByLinear = (deletion: string): boolean =>
    !/local-(cluster|kubernetes)-/.test(deletion);

  it("deletes what was replaced long ago and nobody needs, and keeps what the workflow names", async () => {
    deploy();
    deploy();
    expect(launchVersions()).toEqual([1, 2, 3]);
    await pass(16);
    expect(await tidy()).toBe(
      `${String(2 * workflowSteps.length)} unused versions deleted, 0 kept for executions.`,
    );
    expect(launchVersions()).toEqual([3]);
    expect((await lab.run()).status).toBe("SWITCHED");
  });

  it("deletes nothing sooner than an execution can be redriven", async () => {
    deploy();
    await pass(14.5);
    expect(await tidy()).toBe("0 unused versions deleted, 0 kept for executions.");
    expect(launchVersions()).toEqual([1, 2]);
  });

  it("deletes nothing where nothing was replaced", async () => {
    await pass(40);
    expect(await tidy()).toBe("0 unused versions deleted, 0 kept for executions.");
    expect(deletions()).toEqual([]);
  });

  it("keeps what an execution that can be redriven names, as long as it can", async () => {
    const executionArn = await startFailing();
    deploy();
    await pass(12);
    expect((await lab.platform.interpreter.describe(executionArn)).status).toBe("FAILED");
    await lab.platform.interpreter.redrive(executionArn);
    await pass(4);
    expect(await tidy()).toBe(
      `${String(ofOthersAlone)} unused versions deleted, ${String(ofLinear)} kept for executions.`,
    );
    await lab.platform.interpreter.redrive(executionArn);
    await pass(0.5);
    expect(deletions().filter(isNamedByLinear)).toEqual([]);

    await pass(15);
    expect(await tidy()).toContain(`${String(ofLinear)} unused versions deleted`);
    expect(launchVersions()).toEqual([2]);
  });

  it("keeps what a running execution names", async () => {
    const executionArn = await startFailing();
    const { interpreter } = lab.platform;
    deploy();
    await pass(10);
    await interpreter.redrive(executionArn);
    await pass(6);
    await interpreter.redrive(executionArn);
    expect((await interpreter.describe(executionArn)).status).toBe("RUNNING");
    expect(await tidy()).toContain(`${String(ofLinear)} kept for executions`);
    expect(deletions().filter(isNamedByLinear)).toEqual([]);
    expect(launchVersions()).toEqual([1, 2]);
  });

  it("deletes nothing when it can't learn what executions name", async () => {
    await startFailing();
    deploy();
    await pass(16);
    lab.platform.cloud.faults.before((call) => {
      if (call.operation === "ListExecutions") {
        throw new CloudError("AccessDeniedException", "You are not authorized.");
      }
    });
    await expect(tidy()).rejects.toThrow("ListExecutions");
    expect(deletions()).toEqual([]);
  });

  it("names a version in each deletion, so that no function can be lost", async () => {
    deploy();
    await pass(16);
    await tidy();
    expect(deletions()).toHaveLength(workflowSteps.length);
    for (const input of deletions()) expect(input).toContain('"Qualifier":"1"');
  });
});
