/**
 * Janitor of our own code: deletes published versions of the workflow's functions that no execution can need now. Its role
 * can't assume customers' roles, reads no table, and can delete versions of the workflow's functions only, never a function.
 */
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { deletePublishedVersion, listPublishedVersions } from "../../../adapters/aws/lambda.ts";
import {
  listExecutionsBefore,
  readDefinition,
  readDefinitionOf,
} from "../../../adapters/aws/workflows.ts";
import {
  functionOf,
  lastStartWith,
  longReplaced,
  redrivableMs,
  versionsNamedBy,
  type ReplacedVersion,
} from "../../../core/decide/unused-code.ts";
import type { PipelineMode } from "../../../core/model/pipeline-mode.ts";
import { pipelineModeSchema } from "../../../core/model/pipeline-mode.ts";
import type { Log } from "../../runtime/log.ts";
import type { Step } from "../../runtime/step.ts";
import { oneByOne } from "../one-by-one.ts";

interface CodeContext {
  readonly now: () => Date;
  readonly log: Log;
  readonly sfn: SFNClient;
  readonly lambda: LambdaClient;
  /** ARN of the state machine of a mode; undefined where this deployment has none. */
  readonly workflowOf: (mode: PipelineMode) => string | undefined;
}

const outputSchema = z.object({ kind: z.literal("TIDIED"), summary: z.string() });

/** What the deployed workflow no longer names, and was replaced long ago. */
const findReplaced = async (
  { lambda, now }: CodeContext,
  definition: string,
): Promise<readonly ReplacedVersion[]> => {
  const current = versionsNamedBy(definition);
  const functions = new Set([...current].map(functionOf));
  const replaced: ReplacedVersion[] = [];
  for (const functionArn of functions) {
    const versions = await listPublishedVersions(lambda, functionArn);
    replaced.push(...longReplaced(versions, current, now()));
  }
  return replaced;
};

/**
 * What the executions name that run or can be redriven. Those that began after the last of these versions was replaced are not
 * asked: they can't name one. Throws rather than to overlook one.
 */
const findNeeded = async (
  { sfn, now }: CodeContext,
  stateMachineArn: string,
  replaced: readonly ReplacedVersion[],
): Promise<ReadonlySet<string>> => {
  const executions = await listExecutionsBefore(sfn, {
    stateMachineArn,
    startedUntil: lastStartWith(replaced),
    endedSince: new Date(now().getTime() - redrivableMs),
  });
  const needed = new Set<string>();
  for (const executionArn of executions) {
    const definition = await readDefinitionOf(sfn, executionArn);
    for (const arn of versionsNamedBy(definition ?? "")) needed.add(arn);
  }
  return needed;
};

export const codeJanitorStep: Step<unknown, z.infer<typeof outputSchema>, CodeContext> = {
  name: "code-janitor",
  clients: [],
  input: z.unknown(),
  output: outputSchema,
  run: async (context) => {
    const counts = { deleted: 0, needed: 0 };
    const turns = oneByOne(context);
    for (const mode of pipelineModeSchema.options) {
      const stateMachineArn = context.workflowOf(mode);
      if (stateMachineArn === undefined) continue;
      const definition = await readDefinition(context.sfn, stateMachineArn);
      const replaced = await findReplaced(context, definition);
      if (replaced.length === 0) continue;
      const needed = await findNeeded(context, stateMachineArn, replaced);
      counts.needed += replaced.filter(({ arn }) => needed.has(arn)).length;
      for (const { arn } of replaced.filter((version) => !needed.has(version.arn))) {
        if (!turns.hasTime()) break;
        const item = { name: `${arn} is not deleted`, keys: {} };
        const done = await turns.attempt(item, async () => {
          await deletePublishedVersion(context.lambda, arn);
          return true;
        });
        if (done === true) counts.deleted += 1;
      }
    }
    turns.finish();
    return {
      kind: "TIDIED",
      summary: `${String(counts.deleted)} unused versions deleted, ${String(counts.needed)} kept for executions.`,
    };
  },
};
