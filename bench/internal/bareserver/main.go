// Bareserver answers with what is in a file, and does nothing else: what any HTTP
// server of Go costs at least. The file has an object of paths, each with the
// headers and the body of its answer.
//
//	bareserver answers.json
//
// It prints the address that it listens at.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

type answer struct {
	Type, Encoding string
	Body           []byte
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var answers map[string]answer
	if err := json.Unmarshal(text, &answers); err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	log.Fatal(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := answers[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", a.Type)
		if a.Encoding != "" {
			w.Header().Set("Content-Encoding", a.Encoding)
		}
		w.Write(a.Body)
	})))
}
