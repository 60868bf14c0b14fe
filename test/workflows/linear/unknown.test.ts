import { describe, expect, it } from "@jest/globals";
import { slowToShow } from "../../../local/cloud/ec2/settings.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createKiller } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { atFirst, plain, throwKillSwitch } from "../../../local/lab/scenarios.ts";

const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

/** On a day on which EC2 takes up to a minute to show what it made, and loses it again. */
const openLab = (seed: number): Promise<Lab> => createLab({ ...plain, settings: slowToShow, seed });

/** The function dies when the call has acted, and the kill switch is thrown: nobody repeats the call. */
const dieAfter = async (operation: string, seed: number): Promise<readonly [Lab, Ending]> => {
  const lab = await openLab(seed);
  const killer = createKiller();
  atFirst(lab, operation, {
    when: "after",
    what: async () => {
      await throwKillSwitch(lab);
      await killer.die();
    },
  });
  const story = await lab.run();
  expect(killer.deaths).toBe(1);
  return [lab, story];
};

describe.each(["CreateImage", "RunInstances", "CreateReplaceRootVolumeTask"])(
  "a function that dies after %s, with the kill switch thrown",
  (operation) => {
    it.each(seeds)("leaves nothing of ours behind (seed %i)", async (seed) => {
      const [lab, story] = await dieAfter(operation, seed);
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
    });
  },
);
