import type { Registration, Tampering } from "../tampering.ts";

/** Seconds that a gate waits where something is to wait in vain, instead of a quarter of an hour. */
const impatientSeconds = "25";

/** Lets gates wait for a moment only, and makes another mistake with that. */
export function impatiently(mistake: Tampering | undefined): Tampering {
  return (registration) => {
    const changed = mistake?.(registration);
    const props = changed?.props ?? registration.props;
    const annotations = props?.metadata?.annotations;
    if (!registration.type.endsWith("Patch") || annotations?.["pulumi.com/waitFor"] === undefined) {
      return changed;
    }
    return { ...changed, props: withTimeout(props) };
  };
}

function withTimeout(props: Registration["props"]): Registration["props"] {
  const { metadata } = props;
  const annotations = { ...metadata.annotations, "pulumi.com/timeoutSeconds": impatientSeconds };
  return { ...props, metadata: { ...metadata, annotations } };
}
