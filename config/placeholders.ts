/** Replaces `${NAME}` by its value in `variables`; `$${` means the characters `${`. Faults never quote a value. */
export function expand(written: string, variables: NodeJS.ProcessEnv) {
  const faults: { what: string; hint: string }[] = [];
  let named = false;
  const text = written.replace(/\$\$\{|\$\{([^}]*)(\}?)/g, (whole, name: string | undefined, closed: string) => {
    if (name === undefined) return '${';
    named = true;
    if (closed === '' || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      faults.push({
        what: `${whole} is not the name of an environment variable`,
        hint: `write \${NAME}, or $\${ for the characters \${ themselves`,
      });
      return whole;
    }
    const value = variables[name];
    if (value !== undefined) return value;
    faults.push({
      what: `the environment variable ${name} is not set`,
      hint: `set ${name}, or write $\${${name}} to use this text literally`,
    });
    return whole;
  });
  return { text, named, faults };
}
