/** Published versions of our own functions: what there is, and the end of one. */
import {
  DeleteFunctionCommand,
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
