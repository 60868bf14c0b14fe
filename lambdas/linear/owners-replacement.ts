/**
 * Looks whether the owner, or a tool of his, has launched the load anew since EC2 took it: with the data of the lost one there would be two. What
 * describes infrastructure sees an instance gone and makes another within minutes.
 */
import { findLaunchedSince } from "../../adapters/aws/ec2/launched-since.ts";
import { isMadeInPlaceOf } from "../../core/decide/linear/owners-replacement.ts";
import { SpotOptimizerError } from "../../core/errors.ts";
import { noticeMs } from "../../core/model/spot-status.ts";
import { readSubjectFacts } from "../evaluation/facts.ts";
import { readOriginal } from "./facts.ts";
import type { LinearSession } from "./session.ts";

/** @throws StaleOriginal where there is one: nothing is given to what takes the place of the lost one then */
export const refuseOwnersReplacement = async (session: LinearSession): Promise<void> => {
  const lost = await readOriginal(session);
  const { lost: loss } = await readSubjectFacts<"LINEAR">(session);
  const { Name: name } = lost.tags;
  if (loss === undefined || name === undefined) return;
  const { ec2 } = await session.customer();
  const since = new Date(Date.parse(loss.downSince) - noticeMs);
  const found = await findLaunchedSince(ec2, { tag: { key: "Name", value: name }, since });
  const made = found.find((each) => isMadeInPlaceOf(lost, each));
  if (made === undefined) return;
  const { instanceId, launchedAt } = made;
  throw new SpotOptimizerError(
    "StaleOriginal",
    `${instanceId} was launched at ${launchedAt} with the name and all tags of ${lost.instanceId}: somebody else makes the load anew, and its data are not given to a second one.`,
    {
      resource: instanceId,
      nextStep: 'End it, or delete the target: see "Interruptions" in the runbook.',
    },
  );
};
