/** Our own functions: a call that nobody waits for, which published versions there are, and the end of one. */
import {
  DeleteFunctionCommand,
  InvokeCommand,
  ListVersionsByFunctionCommand,
  type LambdaClient,
} from "@aws-sdk/client-lambda";
import type { PublishedVersion } from "../../core/model/published-version.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal } from "./translate-error.ts";

/** @param functionArn without a version. `$LATEST`, which is not a version, is left out. */
export const listPublishedVersions = async (
  lambda: LambdaClient,
  functionArn: string,
): Promise<readonly PublishedVersion[]> => {
  const all = await readAllPages({
    fetch: (token) =>
      callAws({ action: "ListVersionsByFunction", resource: functionArn }, () =>
        lambda.send(
          new ListVersionsByFunctionCommand({ FunctionName: functionArn, Marker: token }),
        ),
      ),
    items: (page) => page.Versions,
    next: (page) => page.NextMarker,
  });
  return all
    .map(({ Version, LastModified }) => ({
      version: required(Version, `the version of ${functionArn}`),
      modified: required(LastModified, `the time of a version of ${functionArn}`),
    }))
    .filter(({ version }) => version !== "$LATEST")
    .map(({ version, modified }) => ({
      arn: `${functionArn}:${version}`,
      version: Number(version),
      publishedAt: new Date(modified),
    }));
};

/**
 * Hands Lambda an event for the function. Who calls does not wait for it: Lambda keeps the event until there is room to run.
 * @throws Retryable… where Lambda did not say that it has it: the function may run all the same
 */
export const invokeLater = async (
  lambda: LambdaClient,
  { functionArn, event }: { readonly functionArn: string; readonly event: unknown },
): Promise<void> => {
  await callAws({ action: "InvokeFunction", resource: functionArn, role: "own" }, () =>
    lambda.send(
      new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    ),
  );
};

/**
 * Deletes one version, never the function: without a version Lambda deletes the function with all of them. One that is gone
 * already is well.
 * @param versionArn as `listPublishedVersions` gives it
 */
export const deletePublishedVersion = async (
  lambda: LambdaClient,
  versionArn: string,
): Promise<void> => {
  const Qualifier = required(/:(\d+)$/.exec(versionArn)?.[1], `the version in ${versionArn}`);
  const FunctionName = versionArn.slice(0, -Qualifier.length - 1);
  try {
    await callAws({ action: "DeleteFunction", resource: versionArn }, () =>
      lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier })),
    );
  } catch (error) {
    expectRefusal(error, (code) => code.startsWith("ResourceNotFound"));
  }
};
