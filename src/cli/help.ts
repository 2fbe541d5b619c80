export const help = `image-policy: moves container images forward by Flux image policies, where manifests are rendered

  kustomize build overlays/prod | image-policy --policies policies/ | kubectl apply -f -

Reads manifests (a stream of KRM documents) or a ResourceList on stdin, asks the registries which tags exist, chooses one for each
policy as Flux would, rewrites the images that it governs, and writes everything to stdout with every other byte unchanged.

  --policies PATH      a file or folder with policies (ImageRepository, ImagePolicy, Secret, ...) that are read and never put out;
                       may be given more than once
  --config FILE        the functionConfig, where stdin is not a ResourceList
  --set KEY=VALUE      one setting of it: mode=check, source=status, digests=always, targets.markers=false, ...
  --version            print the version
  -h, --help           print this

Exit codes: 0 done; 1 the input, a policy or an argument must be fixed; 2 mode=check found updates;
3 a registry could not be read, trying again may help; 70 a bug in this program.
After any exit but 0 nothing was changed: stdout is empty, or the ResourceList as it came with the errors in its results.
`
