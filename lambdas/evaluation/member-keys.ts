/** Reads the KMS keys under which a member's volumes would be made: those of the template, of its image, and the account's default. */
import type { TemplateReading } from "../../adapters/aws/ec2/launch-template.ts";
import { kindOf } from "../../core/model/evaluation-kind.ts";
import type { KeyFacts } from "../../core/model/kms-key.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import { ebsPlaceOf, encryptsByDefault } from "./ebs-standing.ts";
import { keysOfLaunch, volumesOfTemplate } from "./launched-keys.ts";
import { readKeys } from "./read-keys.ts";
import type { EvaluationSession } from "./session.ts";

/** Empty where nothing would be encrypted. */
export const gatherKeys = async (
  session: EvaluationSession<PipelineMode, "ec2" | "kms">,
  template: TemplateReading,
): Promise<readonly KeyFacts[]> => {
  const { ec2, kms } = await session.customer();
  const place = await ebsPlaceOf(session);
  const asking = { ec2, isEncryptedByDefault: () => encryptsByDefault(ec2, place) };
  const { known, unread } = await keysOfLaunch(asking, volumesOfTemplate(template));
  const reader = {
    kms,
    account: place.account,
    isSpot: kindOf(session.evaluation) === "SWITCH",
  };
  return [...(await readKeys(reader, known)), ...unread];
};
