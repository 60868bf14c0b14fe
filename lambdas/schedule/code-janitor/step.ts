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
import { pipelineModeSchema, type PipelineMode } from "../../../core/model/pipeline-mode.ts";
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

/** What none of the deployed workflows names any longer, and was replaced long ago: some functions are in several. */
const findReplaced = async (
  { lambda, now }: CodeContext,
  definitions: readonly string[],
): Promise<readonly ReplacedVersion[]> => {
  const current = new Set(definitions.flatMap((definition) => [...versionsNamedBy(definition)]));
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
    const turns = oneByOne(context);
    const workflows = pipelineModeSchema.options.flatMap((mode) => context.workflowOf(mode) ?? []);
    const definitions: string[] = [];
    for (const arn of workflows) definitions.push(await readDefinition(context.sfn, arn));
    const replaced = await findReplaced(context, definitions);
    // Of every workflow, before anything is deleted: what one no longer names an execution of another may.
    const needed = new Set<string>();
    for (const arn of replaced.length === 0 ? [] : workflows) {
      for (const version of await findNeeded(context, arn, replaced)) needed.add(version);
    }
    const unused = replaced.filter(({ arn }) => !needed.has(arn));
    let deleted = 0;
    for (const { arn } of unused) {
      if (!turns.hasTime()) break;
      const item = { name: `${arn} is not deleted`, keys: {} };
      const done = await turns.attempt(item, async () => {
        await deletePublishedVersion(context.lambda, arn);
        return true;
      });
      if (done === true) deleted += 1;
    }
    turns.finish();
    return {
      kind: "TIDIED",
      summary: `${String(deleted)} unused versions deleted, ${String(replaced.length - unused.length)} kept for executions.`,
    };
  },
};
