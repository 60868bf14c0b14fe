/** What is shown, elsewhere: as a command, and in the AWS console. A simulated cloud has none. */
import type { JSX } from "preact";
import { health } from "../api/shared.ts";
import { Copy } from "./copy.tsx";
import { curlOf } from "./elsewhere.ts";
import { Icon } from "./icons.tsx";

interface ElsewhereProps {
  /** `spot show evl-…` */
  readonly command: string;
  /** Below `/api/v1`. */
  readonly path: string;
  /** By what they are called. */
  readonly arns?: Readonly<Record<string, string | undefined>>;
  /** In the AWS console, by what they are called. */
  readonly links?: Readonly<Record<string, string | undefined>>;
}

const AwsLinks = ({ links }: { readonly links: NonNullable<ElsewhereProps["links"]> }) => (
  <>
    {Object.entries(links).map(
      ([name, url]) =>
        url !== undefined && (
          <a key={name} class="link" href={url} target="_blank" rel="noreferrer">
            {name} <Icon name="elsewhere" />
          </a>
        ),
    )}
  </>
);

export const Elsewhere = ({
  command,
  path,
  arns = {},
  links = {},
}: ElsewhereProps): JSX.Element => (
  <p class="facts">
    <span>
      <code>{command}</code> <Copy text={command} label="the command" />
    </span>
    <span>
      curl <Copy text={curlOf(location.origin, path)} label="the curl command" />
    </span>
    {Object.entries(arns).map(
      ([name, arn]) =>
        arn !== undefined && (
          <span key={name}>
            ARN of the {name} <Copy text={arn} label={`the ARN of the ${name}`} />
          </span>
        ),
    )}
    {health.reading.value.value?.emulated === false && <AwsLinks links={links} />}
  </p>
);
