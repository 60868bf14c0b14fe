/** One reading of an instance in the customer's account. Target groups are read where they matter, not here. */
import { readInstance, type FirstReading } from "../../adapters/aws/ec2/instances.ts";
import type { InstanceFacts } from "../../core/model/instance.ts";
import type { PipelineMode } from "../../core/model/pipeline-mode.ts";
import type { DueSession } from "./session.ts";

/** With its parts as EC2 shows them. Undefined when EC2 does not show it. */
export const readLiveReading = async (
  session: DueSession<PipelineMode, "ec2">,
  instanceId: string,
): Promise<FirstReading | undefined> => {
  const { ec2 } = await session.customer();
  return readInstance(ec2, {
    instanceId,
    accountId: session.evaluation.accountId,
    region: session.evaluation.region,
  });
};

/** Undefined when EC2 does not show it. */
export const readLiveInstance = async (
  session: DueSession<PipelineMode, "ec2">,
  instanceId: string,
): Promise<InstanceFacts | undefined> => (await readLiveReading(session, instanceId))?.facts;
