import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { rich, whenItBegins } from "../../../local/lab/scenarios.ts";

const misfortunes = {
  "fails its checks": (lab: Lab) => {
    const replacement = lab.replacement();
    lab.watch.excuse("replacement");
    lab.control.failChecks(({ id }) => id === replacement?.instanceId, "instance");
  },
  "does not answer its load balancer": (lab: Lab) => {
    lab.watch.excuse("replacement");
    lab.platform.elb.setApplicationHealthy(lab.replacement()?.instanceId ?? "", false);
  },
  "is announced to be taken back": (lab: Lab) => {
    const replacement = lab.replacement();
    lab.watch.excuse("replacement");
    if (replacement !== undefined) {
      lab.control.interrupt(replacement.instanceId, { noticeSeconds: 120 });
    }
  },
} as const;

const functions = [
  "linear-freeze-original",
  "linear-move-identity",
  "linear-verify",
  "linear-retire-original",
] as const;

const cases = (["stop-and-image", "stateless"] as const).flatMap((consistency) =>
  functions.flatMap((name) =>
    (Object.keys(misfortunes) as (keyof typeof misfortunes)[]).map(
      (misfortune) => [consistency, misfortune, name] as const,
    ),
  ),
);

describe("a replacement that is no longer fit", () => {
  it.each(cases)(
    "(%s) because it %s when %s begins is not what the original is given up for",
    async (consistency, misfortune, name) => {
      const lab = await createLab({ ...rich[consistency], undisturbedUntil: { begins: name } });
      whenItBegins(lab, name, () => {
        misfortunes[misfortune](lab);
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.original?.state).toBe("running");
    },
  );
});
