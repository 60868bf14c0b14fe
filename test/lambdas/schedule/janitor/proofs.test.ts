import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../../local/lab/contract.ts";
import { accountId, region } from "../../../../local/lab/lab.ts";
import { throwKillSwitch } from "../../../../local/lab/scenarios.ts";
import { enrolled } from "../../../../local/platform/customer-group.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

/** The default, and a little more. */
const cooloffHours = 24.1;
/** After which the janitor looks again at what it could not do. */
const retryHours = 0.51;

const host = "shop.example.com";
const http = { kind: "http", url: `https://${host}/health` };
const groups = { kind: "target-groups" };
const alarms = { kind: "cloudwatch-alarms", alarms: ["errors"] };
const document = { kind: "ssm-document", document: "prove", seconds: 60 };

/** What the application does from the end of the cool-off on. */
interface Application {
  status: number;
  exitCode: number;
}

const setUp = async (
  proof: readonly object[],
): Promise<{ readonly janitor: JanitorLab; readonly application: Application }> => {
  const application: Application = { status: 200, exitCode: 0 };
  const arrange = ({ platform: { network, monitoring, ssm } }: Lab): void => {
    network.serve(host, () => application.status);
    monitoring.addAlarm({ accountId, region, name: "errors" });
    ssm.installAgents(accountId);
    const run = () => ({ exitCode: application.exitCode });
    ssm.addDocument({ accountId, region, name: "prove", tags: enrolled, run });
  };
  const janitor = await afterSwitch({ policy: { proof }, targetGroup: true }, arrange);
  await janitor.pass(cooloffHours);
  return { janitor, application };
};

const terminations = ({ calls }: JanitorLab): number =>
  calls().filter((operation) => operation === "TerminateInstances").length;

describe("a retired original whose successor runs", () => {
  it("ends where the application is proved, and the record says when", async () => {
    const { janitor } = await setUp([http, groups, alarms]);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
    const { proofs } = await janitor.evaluation();
    expect(proofs).toEqual(
      expect.arrayContaining(
        [`GET https://${host}/health`, "target groups", "alarms errors"].map((name) =>
          expect.objectContaining({ stage: "retirement", name, holds: true }),
        ),
      ),
    );
  });

  it.each<readonly [string, object, (lab: Lab, application: Application) => void, string]>([
    ["http", http, (_, application) => (application.status = 500), "answers 500"],
    [
      "target groups",
      groups,
      (lab) => {
        const { elb } = lab.platform;
        elb.setApplicationHealthy(lab.replacement()?.instanceId ?? "", false);
      },
      "it is joining",
    ],
    [
      "alarms",
      alarms,
      ({ platform }) => {
        platform.monitoring.setState("errors", "ALARM");
      },
      "alarm errors is ALARM",
    ],
  ])("is kept as the last copy while %s does not hold", async (_, proof, harm, words) => {
    const { janitor, application } = await setUp([proof]);
    harm(janitor.lab, application);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(0);
    expect(await janitor.told()).toMatchObject({
      kind: "WAITING",
      sentence: expect.stringContaining(words) as unknown,
    });
    expect(janitor.originalState()).toBe("stopped");
  });

  it("ends once a document that was sent at one look has succeeded by the next", async () => {
    const { janitor } = await setUp([document]);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(janitor.calls()).toEqual(["SendCommand"]);
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual(["SendCommand", "TerminateInstances"]);
    const effects = await janitor.effects();
    expect(effects.map(({ action, outcome }) => [action, outcome])).toEqual([
      ["SendCommand", "DONE"],
      ["TerminateInstances", "DONE"],
    ]);
  });

  it("is kept while the document fails, which is asked again, and ends once it succeeds", async () => {
    const { janitor, application } = await setUp([document]);
    application.exitCode = 3;
    for (let looks = 0; looks < 3; looks += 1) {
      expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
      await janitor.pass(retryHours);
    }
    expect(terminations(janitor)).toBe(0);
    application.exitCode = 0;
    for (let looks = 0; looks < 4; looks += 1) {
      await janitor.tidy();
      await janitor.pass(retryHours);
    }
    expect(terminations(janitor)).toBe(1);
  });

  it("that has waited for days is read half an hour after it was sent all the same", async () => {
    const { janitor, application } = await setUp([document]);
    application.exitCode = 3;
    await janitor.tidy();
    await janitor.pass(4 * 24);
    await janitor.tidy();
    application.exitCode = 0;
    await janitor.pass(6.1);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
  });

  it("is asked nothing while the kill switch is on", async () => {
    const { janitor } = await setUp([document]);
    await throwKillSwitch(janitor.lab);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(janitor.calls()).toEqual([]);
  });
});

describe("the proofs that are asked of the successor", () => {
  it("are those that the target's policy names by then", async () => {
    const { janitor, application } = await setUp([]);
    application.status = 500;
    const path = `/lab/instances/${janitor.lab.targetId}`;
    const { status } = await janitor.lab.send("PATCH", path, {
      policy_overrides: { proof: [http] },
    });
    expect(status).toBe(200);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(0);
  });
});
