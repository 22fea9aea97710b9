"""kmeans.py faiss|sklearn FILE.npy K ITERATIONS SEED THREADS [LABELS.npy]: one JSON line; the whole process is measured from outside."""
import json, os, sys, time

kind, path, clusters, iterations, seed, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
import numpy as np

started = time.perf_counter()
rows = np.load(path).astype("float32")
loaded = time.perf_counter()
if kind == "faiss":
    import faiss

    faiss.omp_set_num_threads(threads)
    kmeans = faiss.Kmeans(
        rows.shape[1], clusters, niter=iterations, seed=seed, spherical=True, max_points_per_centroid=256, min_points_per_centroid=1
    )
    kmeans.train(rows)
    similarity, labels = kmeans.index.search(rows, 1)
    objective, labels = float(similarity.astype("float64").sum()), labels[:, 0]
elif kind == "sklearn":
    import warnings
    from sklearn.cluster import KMeans

    warnings.filterwarnings("ignore")
    first = rows[np.random.default_rng(seed).permutation(len(rows))[:clusters]]
    kmeans = KMeans(clusters, init=first, n_init=1, max_iter=iterations, algorithm="full", tol=0).fit(rows)
    labels = kmeans.labels_
    centroids = kmeans.cluster_centers_ / np.linalg.norm(kmeans.cluster_centers_, axis=1, keepdims=True)
    objective = float(sum(np.einsum("ij,ij->i", rows[i : i + 8192], centroids[labels[i : i + 8192]]).astype("float64").sum() for i in range(0, len(rows), 8192)))
if len(sys.argv) > 7:
    np.save(sys.argv[7], labels.astype("int32"))
print(json.dumps({"load": loaded - started, "seconds": time.perf_counter() - loaded, "objective": objective}))
