export const help = `image-policy: updates container images in manifests by Flux image policies

  kustomize build overlays/prod | image-policy --policies policies/ | kubectl apply -f -
  image-policy --policies policies/ --output rendered.yaml < manifests.yaml

Reads a stream of YAML documents or a ResourceList from stdin, asks the registries which tags exist, chooses one tag for each policy
as Flux would, and writes the manifests to stdout. Only the images that a policy governs, and their annotations, change.

  --policies PATH      a file or folder with policies (ImageRepository, ImagePolicy, Secret, ...) that are read but never emitted;
                       can be repeated
  --config FILE        the functionConfig, if stdin is not a ResourceList
  --set KEY=VALUE      one setting of the functionConfig, such as mode=check, source=status, digests=always or
                       targets.markers=false; can be repeated
  --use GLOB           only the policies whose namespace/name matches, such as "apps/*"; can be repeated
  --output FILE        replace this file instead of writing to stdout: at once, and only if the run succeeds
  --verbose            also report on stderr what each policy chose, and other information
  --quiet              report only errors on stderr
  --version            print the version
  -h, --help           print this help

Exit codes: 0 done; 1 the input, a policy or an argument must be fixed; 2 mode=check found updates;
3 a registry could not be read, trying again may help; 70 a bug in this program.
A non-zero exit code means that nothing was changed: stdout is empty, or the ResourceList is unchanged but for the errors in its results.
A file of --output is then as it was before.
`
