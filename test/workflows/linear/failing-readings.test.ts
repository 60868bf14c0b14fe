import { describe, expect, it } from "@jest/globals";
import { isFunctionName, type FunctionName } from "../../../lambdas/access/functions.ts";
import type { FaultCall } from "../../../local/cloud/faults.ts";
import { isMutating } from "../../../local/cloud/journal.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";
import { currentInvocation } from "../../../local/platform/invocation.ts";

/** Which function asks the customer's account what; undefined for what is not a reading. */
const readingOf = ({ caller, operation }: FaultCall): string | undefined => {
  const by = currentInvocation()?.name;
  return by === undefined || caller.accountId !== accountId || isMutating(operation)
    ? undefined
    : `${operation} by ${by}`;
};

/** Who makes it. */
const functionOf = (reading: string): FunctionName => {
  const [, name = ""] = reading.split(" by ");
  if (isFunctionName(name)) return name;
  throw new Error(`${reading} is not made by a function.`);
};

/**
 * What serves, and whether it still does, is read right before the record ends: where that may not be read, a person decides. See
 * `record.test.ts`.
 */
const isForPerson = (kind: string, reading: string): boolean =>
  kind === "unauthorized" && reading.endsWith(" by judge-record");

/** All of an undisturbed switch, each once. */
const readingsOf = async (options: LabOptions): Promise<readonly string[]> => {
  const lab = await createLab({ ...options, undisturbedUntil: "END" });
  const found = new Set<string>();
  lab.platform.cloud.faults.before((call) => {
    const reading = readingOf(call);
    if (reading !== undefined) found.add(reading);
  });
  await lab.run();
  return [...found];
};

const cases = [
  ["stateless", "throttled"],
  ["stop-and-image", "throttled"],
  ["stop-and-image", "unauthorized"],
] as const;

for (const [scenario, kind] of cases) {
  const readings = await readingsOf(rich[scenario]);

  describe(`a ${scenario} switch with a reading that is ${kind} once`, () => {
    it("reads in each of its steps", () => {
      expect(readings.length).toBeGreaterThan(40);
    });

    it.each(readings.filter((reading) => !isForPerson(kind, reading)))(
      "(%s) is made or undone, and the record is true",
      async (reading) => {
        const undisturbedUntil = { begins: functionOf(reading) };
        const lab = await createLab({ ...rich[scenario], undisturbedUntil });
        let isDone = false;
        lab.platform.cloud.faults.before((call) => {
          if (isDone || readingOf(call) !== reading) return;
          isDone = true;
          throw refusals[kind]();
        });
        const story = await lab.run();
        expect(await complaintsAbout(lab, story)).toEqual([]);
        expect(isDone).toBe(true);
      },
    );
  });
}
