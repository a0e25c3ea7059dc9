# FUNNEL-REF(N) in R simmer, in its usual style: closures that draw as leads come by.
# Usage: Rscript benchmarks/simmer.R LEADS SEED REPEATS; prints one line of JSON.
suppressMessages(library(simmer))

arguments <- as.integer(commandArgs(trailingOnly = TRUE))
leads <- arguments[1]
days <- 730
spread <- 0.8
people <- max(1, round(leads / 2000))
work <- 0.85 * people / (leads / days * 0.35 * 0.45)
lag <- function(mean) function() rlnorm(1, log(mean) - spread^2 / 2, spread)

out <- function(trajectory, chance, name) {
  trajectory |>
    branch(function() if (runif(1) < chance) 0 else 1, continue = FALSE,
           trajectory(name) |> timeout(0))
}

life <- trajectory("lead") |>
  timeout(lag(5)) |> out(0.35, "leak1") |>
  timeout(lag(15)) |> out(0.45, "leak2") |>
  timeout(lag(10)) |>
  renege_in(function() rexp(1, 1 / 30)) |>
  seize("rep") |>
  renege_abort() |>
  timeout(function() rexp(1, 1 / work)) |>
  release("rep") |>
  out(0.50, "leak3") |>
  timeout(lag(40))

once <- function() {
  gaps <- rexp(leads, leads / days)
  env <- simmer("funnel") |>
    add_resource("rep", people) |>
    add_generator("lead", life, at(cumsum(gaps)), mon = 1)
  run(env)
  env
}

seconds <- numeric(arguments[3])
for (turn in seq_along(seconds)) {
  set.seed(arguments[2] + turn)
  gc(FALSE)
  seconds[turn] <- system.time(once())[["elapsed"]]
}
# Of the whole process, where the system tells; R's own count leaves simmer's out.
status <- "/proc/self/status"
peak <- if (file.exists(status)) {
  lines <- grep("^VmHWM", readLines(status), value = TRUE)
  as.numeric(gsub("[^0-9]", "", lines)) / 1024
} else {
  sum(gc()[, 6])
}
cat(sprintf('{"seconds": %.6f, "peak_mb": %.1f}\n', median(seconds), peak))
